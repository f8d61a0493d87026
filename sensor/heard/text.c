// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/heard/heard.h"
const struct heard_row *heard_text_rows(size_t *count)
{
	*count = 0;
	return NULL;
}
const struct heard_row *heard_database_rows(size_t *count)
{
	*count = 0;
	return NULL;
}
const struct heard_row *heard_binary_rows(size_t *count)
{
	*count = 0;
	return NULL;
}
