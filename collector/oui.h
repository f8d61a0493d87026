/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a MAC was assigned to, by the IEEE's registries. */
#ifndef COLLECTOR_OUI_H
#define COLLECTOR_OUI_H

#include "defs/addr.h"

/* The vendor's name, or NULL when it is not known or the MAC is made up. The context is not used. */
const char *oui_vendor(const void *context, const struct mac *);

#endif
