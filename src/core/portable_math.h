// SPDX-License-Identifier: Apache-2.0
// Functions that decide what a simulated run does, from nothing but additions,
// multiplications, divisions and square roots, which IEEE 754 pins to the bit.
//
// Those of the C library are as good but differ in the last bit from one processor to another:
// glibc 2.36 computes exp, log and pow otherwise where there is no fused multiply-add.

#pragma once

namespace stalemark::portable {

// To within a unit in the last place or so; infinite above 709.78.
double exp(double x);

// Likewise. Requires: x is a normal number above 0.
double log(double x);

// To within some 1e-14 of itself, unless the result is tiny or huge. Requires: as log() of the
// base.
inline double pow(double base, double exponent) { return exp(exponent * log(base)); }

// The share of a standard normal distribution below z; its error is below 4e-15.
double normal_below(double z);

}  // namespace stalemark::portable
