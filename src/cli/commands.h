// SPDX-License-Identifier: Apache-2.0
// The commands of the program: what each parses, and what it then does.

#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace stalemark {

// Each adds its command; parsing the command line carries it out. `status` becomes the exit
// status. `words`: the command line as typed, to be repeated in results.
void add_run_command(CLI::App& app, std::vector<std::string> words, int& status);
void add_suite_command(CLI::App& app, int& status);
void add_list_command(CLI::App& app);
void add_show_command(CLI::App& app);
void add_explore_command(CLI::App& app, int& status);
void add_check_command(CLI::App& app, int& status);
void add_completion_command(CLI::App& app);

// The help of the program and of each command, as the man page is made from: every heading that
// is a command's own begins with its name.
std::string whole_help(const CLI::App& app);

// One line on what is wrong with the command line, with the nearest right word.
std::string explain(const CLI::App& app, const CLI::ParseError& error);

}  // namespace stalemark
