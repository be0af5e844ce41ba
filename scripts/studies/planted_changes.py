# SPDX-License-Identifier: Apache-2.0
"""Changes of a known size, planted into a copy of the sources: what a comparison must find."""

from stalemark.common.command import Refusal

STRATEGY = "src/strategies/cache_aside.h"
READ = "    Result<Answer> read(Key key) override {\n        auto cached = find(key);\n"


def slower(source, steps):
    """Each read takes so many additions longer, each of which waits for the one before, and the
    look-up for the last."""
    _replace(source, READ, f"""    Result<Answer> read(Key key) override {{
        auto number = static_cast<std::uint64_t>(key);
        for (int step = 0; step < {steps}; ++step) {{
            ++number;
            asm volatile("" : "+r"(number));
        }}
        key = Key{{number - {steps}}};
        auto cached = find(key);
""")  # fmt: skip


def chattier(source):
    """Every thousandth read that hits asks the store as well."""
    more = "        if (cached && ++hits_ % 1000 == 0) static_cast<void>(store.get(key));\n"
    _replace(source, READ, READ + more)
    _replace(source, "};\n\n}  // namespace", """
private:
    std::atomic<std::uint64_t> hits_ = 0;
};

}  // namespace""")  # fmt: skip
    _replace(source, "#pragma once\n", "#pragma once\n\n#include <atomic>\n")


def _replace(source, text, instead):
    path = source / STRATEGY
    whole = path.read_text()
    if whole.count(text) != 1:
        raise Refusal(f"{STRATEGY} is not what this script plants its changes into")
    path.write_text(whole.replace(text, instead))
