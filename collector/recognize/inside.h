/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What definitions are once they are compiled, for the files of this folder.
 *
 * A rule is a tree of nodes. Its leaves are patterns: each belongs to a field (the key of a clue, or of a part of it), and says which nodes
 * it is for. Clues are looked up in the patterns of their field, and hit nodes; only definitions with a node that was hit are then
 * evaluated.
 */
#ifndef COLLECTOR_RECOGNIZE_INSIDE_H
#define COLLECTOR_RECOGNIZE_INSIDE_H

#include "collector/json.h"
#include "collector/recognize/needles.h"
#include "collector/recognize/pattern.h"
#include "collector/recognize/recognize.h"

enum node_is { NODE_LEAF, NODE_ANY, NODE_ALL, NODE_TOGETHER, NODE_NOT };

struct node {
	enum node_is is;
	enum certainty certainty; /* that a leaf gives */
	uint16_t weight;	  /* how much a leaf says: the more special of two claims names a port */
	bool guess;		  /* a port alone */
	bool on_port;		  /* only clues of a port count: it is about servers */
	bool whole_page;	  /* of a leaf: which page it stands on does not matter (icon) */
	bool status_given;	  /* a page whose status is not known does not do */
	uint16_t low, high;	  /* of an HTTP leaf: the page's status; 0: any */
	const char *path;	  /* of an HTTP leaf: of this page; NULL of any */
	uint32_t first, next;	  /* child, sibling; 0 none */
	uint32_t owner;		  /* whose rule it is in */
	uint32_t pattern;	  /* of a leaf; its expression has the captures */
	const char *word,
		*want; /* the rule's key; its value as JSON. NULL word: made for a rule of several parts */
};

enum how { HOW_EXACT, HOW_PREFIX, HOW_TEXT, HOW_EXPRESSION, HOW_PRESENT };

/* pattern[].use leads to the nodes that it is for. */
struct use {
	uint32_t node, next;
};

struct leaf_pattern {
	enum how how;
	uint32_t field;
	const char *text; /* in small letters, but for an expression */
	uint32_t length;
	uint32_t first_use, next_same_hash;
	struct pattern *expression;
	uint32_t next_of_field; /* expressions that can be found by no text of theirs, and HOW_PRESENT */
};

struct field {
	const char *name;
	uint32_t next_same_hash;
	uint32_t loose; /* first of next_of_field; 0 none */
	bool exact, prefix;
	struct needles *needles;
	/* Until the needles are built. */
	struct needle *needle;
	size_t needle_count, needle_room;
};

enum { CLAIM_KIND, CLAIM_VENDOR, CLAIM_MODEL, CLAIM_OS, CLAIM_OS_VERSION, CLAIM_COUNT };

/* Whose a rule is: a service definition, or a claim about devices. */
struct owner {
	const char *id;
	uint32_t root;
	uint32_t first, end; /* its nodes */
	bool generic, claim, replaced;
	enum certainty most; /* no more than this; NONE: no bound */
	/* Of a service: the protocols that it says of itself, and whether it has pages: what makes a guess by its port absurd, or not. */
	const char *const *speaks;
	size_t speaks_count;
	bool http, tls;
	bool transport; /* a protocol in which others speak: whoever is more than that names the port */
	const char *says[CLAIM_COUNT]; /* of a claim */
};

/* What stands above another in kinds.json and systems.json: a laptop is a computer. */
struct broader {
	const char *id, *of;
};

enum { HASH_BUCKETS = 1 << 12, PATTERN_BUCKETS = 1 << 16 };

struct definitions {
	struct arena arena;
	size_t arena_bytes;
	struct node *node;
	size_t nodes, node_room;
	struct use *use;
	size_t uses, use_room;
	struct leaf_pattern *pattern;
	size_t patterns, pattern_room;
	size_t expression_bytes, own_expression_bytes; /* of all; of the definition that is being compiled */
	uint32_t *pattern_hash;
	struct field *field;
	size_t fields, field_room;
	uint32_t field_hash[HASH_BUCKETS];
	struct owner *owner;
	size_t owners, owner_room;
	struct definition_fault *fault;
	size_t faults, fault_room;
	struct broader *broader;
	size_t broaders, broader_room;
	uint64_t lengths_v4[1], lengths_v6[3]; /* bits: which lengths the networks have that rules name */
};

uint64_t hash_text(uint64_t seed, const char *text, size_t length);
static inline char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* --- table.c: fields and their patterns --- */

void *keep(struct definitions *, size_t size); /* of the arena, counted */
const char *keep_text(struct definitions *, const char *text, size_t length);
const char *keep_small(struct definitions *, const char *text, size_t length);
/* Room for one more of an array whose items are of this size; false without memory. */
bool grow(void **array, size_t count, size_t *room, size_t size);
/* 0 when there is none; made: or without memory. */
uint32_t field_find(const struct definitions *, const char *name, size_t length);
uint32_t field_make(struct definitions *, const char *name, size_t length);
/* The pattern, for one more node. text is copied. -ENOMEM, or -EINVAL with words in why (HOW_EXPRESSION). */
int pattern_for(struct definitions *, uint32_t field, enum how, const char *text, size_t length, uint32_t node,
		char *why, size_t why_size);
/* An exact or prefix pattern; 0 none. */
uint32_t pattern_find(const struct definitions *, uint32_t field, enum how, const char *text, size_t length);
int fields_build(struct definitions *); /* the needles, once all is compiled */
void fields_free(struct definitions *);
size_t fields_bytes(const struct definitions *);
/* A network as text, or an address and the length of a network around it → the form in which networks are looked up (hex). Its length; 0: it is none. */
enum { NETWORK_FORM_MAX = 40 };
size_t network_form(const char *text, bool with_length, unsigned int length, char out[static NETWORK_FORM_MAX]);
/* The lengths of networks that rules name, of the version of an address: a bit each, in words of 64. NULL: no address. */
const uint64_t *network_lengths(const struct definitions *, const char *address, unsigned int *most);
/* Words of a maker's name: small letters and digits, one space between. */
size_t words_of(const char *text, size_t length, char *out, size_t size);

/* --- rule.c --- */

/* What is being compiled: where in it, and what is wrong with it. */
struct making {
	struct definitions *definitions;
	uint32_t owner;
	bool claim;
	char where[256];
	char why[400]; /* empty: nothing, or no memory */
};

/* A rule → nodes of this owner. The root, or 0. */
uint32_t rule_compile(struct making *, const struct json *rule);
/* Say what is wrong, with the place before it. Returns 0. */
__attribute__((format(printf, 2, 3))) uint32_t making_wrong(struct making *, const char *format, ...);
/* A step into what is compiled, and back to the length that was returned. */
size_t making_into(struct making *, const char *name, int index);
void making_back(struct making *, size_t length);
/* A text of these lengths; NULL says what is wrong. */
const char *making_text(struct making *, const struct json *, size_t min, size_t max, size_t *length);

/* --- scene.c: one host while it is thought about --- */

struct hit {
	const struct clue *clue;
	const char *found; /* what was there; NULL: the clue's value */
	uint32_t found_length;
	uint32_t spot;
	enum certainty certainty; /* NONE: the node's */
	struct hit *next;	  /* an earlier one of the same node */
};

/* Where something is: a port of a place, or (port 0) the place, or (spot 0) the host. */
struct spot {
	uint32_t place;
	uint16_t port_h;
	bool udp;
	bool listed; /* a port clue, or a protocol, says that it is open */
	uint32_t next_same_hash;
	uint32_t first_page;
	uint32_t speaks_count;
	const char *speaks[4]; /* which protocols */
};

struct page {
	const char *path;
	uint32_t path_length;
	uint16_t status;
	uint32_t spot, next;
	uint32_t body_length, body_room;
	char *body;
	const struct clue *clue; /* the first of its body */
};

/* A node that was hit. */
struct touched {
	uint32_t node; /* 0: free */
	uint32_t count;
	struct hit *last;
};

struct scene {
	const struct definitions *definitions;
	struct arena *arena;
	const struct clue *clue;
	size_t clues;
	struct spot *spot;
	size_t spots, spot_room;
	uint32_t *spot_hash; /* SPOT_BUCKETS */
	struct page *page;
	size_t pages, page_room;
	struct touched *touched;
	size_t touched_count, touched_room; /* a power of two */
	uint32_t *owner;		    /* who has a node that was hit, each once when all is there */
	size_t owners, owner_room;
	struct pattern_room *room; /* made when it is needed */
	char *space;		   /* for a text in small letters */
	size_t space_size;
	size_t left_out;
	bool failed; /* no memory */
};

enum { SPOT_BUCKETS = 256, HITS_MAX = 1024 };

/* Where a clue is about: spots and pages are known. 0 or -ENOMEM. */
int scene_open(struct scene *, const struct definitions *, const struct clue *, size_t count, struct arena *);
void scene_close(struct scene *);
/* The spot, or 0 of the host as a whole. make: when there is none yet. */
uint32_t scene_spot(struct scene *, uint32_t place, uint16_t port_h, bool udp, bool make);
uint32_t scene_spot_of(struct scene *, const struct clue *);
/* Room for a text in small letters; NULL without memory. */
char *scene_small(struct scene *, const char *text, size_t length);
void scene_hit(struct scene *, uint32_t node, struct hit);
struct hit *scene_hits(const struct scene *, uint32_t node);

/* --- pages.c --- */

void pages_gather(struct scene *);
/* "PATH rest" → the path's length; 0: it has none. */
size_t page_path(const char *value, size_t length, const char **rest, size_t *rest_length);
/* NULL: none. */
const struct page *page_find(const struct scene *, uint32_t spot, const char *path, size_t length);
/* The title in a page's text; 0 none. */
size_t page_title(const char *body, size_t length, const char **out);
/* Does this part of a body repeat the path that was asked for? */
bool page_echoes(const struct page *, size_t at, size_t length);

/* --- look.c: clues → which leaves they hit --- */

void look_at_clues(struct scene *);
/* A service that was concluded, for rules of devices. */
void look_at_service(struct scene *, const char *id, enum certainty, uint32_t spot, const struct clue *because);

/* --- evaluate.c: which rules hold, and where --- */

struct unit_spot {
	uint32_t spot;
	enum certainty certainty;
};

/* One way in which a rule holds: at these ports, or (none) for the host as a whole. */
struct unit {
	uint32_t place; /* 0: all, or several */
	enum certainty certainty;
	uint16_t weight;
	bool guess; /* by nothing but ports */
	uint32_t count;
	struct unit_spot *at;
};

struct units {
	struct unit *item;
	uint32_t count;
};

/* Of a node; lives in the arena. failed is set in the scene without memory. */
struct units node_units(struct scene *, uint32_t node);
/* Of a service's rule, as conclusions: joined, bounded, without guesses that are absurd. */
struct units service_units(struct scene *, const struct owner *);

/* --- reasons.c --- */

/* The tree of a rule for one way in which it holds; with unit NULL all of it, whether met or not. NULL without memory. */
const char *reasons(struct scene *, uint32_t root, const struct unit *);
/* The first clue that it rests on; NULL none. */
const struct clue *reasons_first(struct scene *, uint32_t root, const struct unit *);

/* --- device.c --- */

void device_conclude(struct scene *, struct device *out);

#endif
