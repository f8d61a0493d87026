/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chain of blocks, the newest first.
 */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "collector/arena.h"

enum { BLOCK_BYTES = 64 << 10 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

void *arena_take(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->block;
	void *taken;

	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!block || block->size - block->used < size) {
		size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;

		block = malloc(sizeof(*block) + room);
		if (!block)
			return NULL;
		*block = (struct arena_block){.next = arena->block, .size = room};
		arena->block = block;
	}
	taken = block->bytes + block->used;
	block->used += size;
	return memset(taken, 0, size);
}

char *arena_text(struct arena *arena, const char *bytes, size_t length)
{
	char *text = arena_take(arena, length + 1);

	if (text && length)
		memcpy(text, bytes, length);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *block = arena->block;

		arena->block = block->next;
		free(block);
	}
}
