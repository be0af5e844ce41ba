// The date, for the record only: nothing that is measured or decided may depend on it.

#pragma once

#include <string>

namespace stalemark {

// "2026-01-31T12:34:56Z", now.
std::string utc_now();

}  // namespace stalemark
