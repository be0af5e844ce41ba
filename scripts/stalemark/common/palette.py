# SPDX-License-Identifier: Apache-2.0
"""The colours of pictures, those of Okabe and Ito (2008): colour-blind readers tell them apart."""

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7")
GREY = "#8A8A8A"
