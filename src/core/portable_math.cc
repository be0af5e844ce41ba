// SPDX-License-Identifier: Apache-2.0
#include "core/portable_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace stalemark::portable {
namespace {

// ln 2 in two parts; the first has so few bits that its products with an exponent are exact.
// NOLINTNEXTLINE(modernize-use-std-numbers): its upper bits alone.
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;

constexpr int mantissa_bits = 52;
constexpr int exponent_bias = 1'023;

double power_of_2(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + exponent_bias)
                                 << mantissa_bits);
}

}  // namespace

// Both by the formulas of fdlibm (Sun Microsystems 1993): e_exp.c and e_log.c.

double exp(double x) {
    if (x < -745) return 0;
    if (x > 709.78) return std::numeric_limits<double>::infinity();
    const double steps = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double high = x - steps * ln2_high;
    const double low = steps * ln2_low;
    const double rest = high - low;
    const double t = rest * rest;
    const double c =
        rest -
        t * (1.66666666666666019037e-01 +
             t * (-2.77777777770155933842e-03 +
                  t * (6.61375632143793436117e-05 +
                       t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    const double y = 1 - ((low - (rest * c) / (2 - c)) - high);
    // In two steps: 2 to the power of 1,024 is no number, half of it twice is.
    const int exponent = static_cast<int>(steps);
    return y * power_of_2(exponent / 2) * power_of_2(exponent - exponent / 2);
}

double log(double x) {
    // x = 2^exponent (1 + f), with 1 + f from sqrt(1/2) to sqrt(2).
    constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto exponent = static_cast<std::int64_t>(bits - root_half) >> mantissa_bits;
    const double f =
        std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << mantissa_bits)) -
        1;
    const double s = f / (2 + f);
    const double z = s * s;
    const double w = z * z;
    const double odd =
        z * (6.666666666666735130e-01 +
             w * (2.857142874366239149e-01 +
                  w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double even = w * (3.999999999940941908e-01 +
                             w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double half_square = 0.5 * f * f;
    const auto steps = static_cast<double>(exponent);
    return steps * ln2_high -
           ((half_square - (s * (half_square + (odd + even)) + steps * ln2_low)) - f);
}

// Marsaglia (2004), Evaluating the normal distribution: its Taylor series.
double normal_below(double z) {
    constexpr double far = 9;  // From here on it is 0 or 1 to the last bit.
    if (z <= -far) return 0;
    if (z >= far) return 1;
    constexpr double log_root_2_pi = 0.91893853320467274178;
    double sum = z;
    double before = 0;
    double term = z;
    for (int i = 3; sum != before; i += 2) {
        before = sum;
        term *= z * z / i;
        sum += term;
    }
    return 0.5 + sum * exp(-0.5 * z * z - log_root_2_pi);
}

}  // namespace stalemark::portable
