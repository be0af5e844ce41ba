// SPDX-License-Identifier: Apache-2.0
// stalemark: what the command line asks for, from parsing to exit status.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands.h"
#include "cli/completion.h"
#include "core/errors.h"
#include "report/context.h"

namespace stalemark {
namespace {

constexpr int status_failed = 1;
constexpr int status_misused = 2;
constexpr int status_bug = 70;

int complain(const std::string& message, int status) {
    fmt::print(stderr, "stalemark: {}\n", message);
    return status;
}

int run_command_line(int argc, char** argv) {
    CLI::App app(
        "Measures caching strategies over a store: latency, load, staleness, lost writes.",
        "stalemark");
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text());
    app.get_formatter()->column_width(34);
    int status = 0;
    add_run_command(app, {argv, argv + argc}, status);
    add_suite_command(app, status);
    add_list_command(app);
    add_show_command(app);
    add_explore_command(app, status);
    add_check_command(app, status);
    add_completion_command(app);
    app.set_help_all_flag("--help-all", "Print the help of every command and exit");
    // Shells ask like that, with words that nobody has finished.
    if (argc > 1 && std::string_view(argv[1]) == "complete") {
        const std::vector<std::string> words(argv + 2, argv + argc);
        fmt::print("{}", to_text(complete(app, words)));
        return 0;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForAllHelp&) {
        fmt::print("{}", whole_help(app));
        return 0;
    } catch (const CLI::Success& asked) {  // --help, --version
        return app.exit(asked);
    } catch (const CLI::ParseError& error) {
        return complain(explain(app, error), status_misused);
    }
    return status;
}

}  // namespace
}  // namespace stalemark

int main(int argc, char** argv) {
    try {
        const int status = stalemark::run_command_line(argc, argv);
        // Whatever was printed must have arrived.
        const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
        if (is_written) return status;
        return stalemark::complain("standard output cannot be written",
                                   stalemark::status_misused);
    } catch (const stalemark::InputError& error) {
        return stalemark::complain(error.what(), stalemark::status_misused);
    } catch (const stalemark::RunError& error) {
        return stalemark::complain(error.what(), stalemark::status_failed);
    } catch (const std::system_error& error) {
        // Of fmt::print(), whose buffer was full, or of anything else that failed.
        if (std::ferror(stdout) == 0) {
            return stalemark::complain(error.what(), stalemark::status_failed);
        }
        return stalemark::complain("standard output cannot be written",
                                   stalemark::status_misused);
    } catch (const std::bad_alloc&) {
        return stalemark::complain("out of memory: a smaller --keys or --cache-size may fit",
                                   stalemark::status_failed);
    } catch (const std::exception& error) {
        return stalemark::complain(std::string("internal error: ") + error.what(),
                                   stalemark::status_bug);
    }
}
