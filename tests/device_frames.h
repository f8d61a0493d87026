/* SPDX-License-Identifier: BSD-2-Clause */
/* Beacons of makers' devices, beside the frames of announce_frames.h. tests/decode/devices.c says what each shows. */
#ifndef TESTS_DEVICE_FRAMES_H
#define TESTS_DEVICE_FRAMES_H

#include <stdio.h>

#include "tests/answer_frames.h"

static inline void put32_little(struct test_frame *f, uint32_t value)
{
	for (int i = 0; i < 4; i++, value >>= 8)
		put8(f, value & 255);
}

static inline void put16_little(struct test_frame *f, unsigned int value)
{
	put8(f, value & 255);
	put8(f, value >> 8 & 255);
}

/* Type and length of two bytes each. */
static inline void put_type(struct test_frame *f, unsigned int type, const char *bytes, size_t length)
{
	put16(f, type);
	put16(f, length);
	put(f, bytes, length);
}

static inline void put_mndp(struct test_frame *f)
{
	put32(f, 0x00000012);
	put_type(f, 1, "\2\0\0\0\0\x09", 6);
	put_type(f, 5, "core", 4);
	put_type(f, 7, "7.11.2 (stable)", 15);
	put_type(f, 8, "MikroTik", 8);
	put_type(f, 10, "\x10\x20\0\0", 4);
	put_type(f, 11, "ABCD-1234", 9);
	put_type(f, 12, "RB4011iGS+", 10);
	put_type(f, 14, "\1", 1);
	put_type(f, 16, "bridge/ether2", 13);
}

static inline void put_mndp_short(struct test_frame *f)
{
	put_mndp(f);
	put_type(f, 17, "\x0a\0", 2);
	set16(f, f->length - 4, 4);
}

static inline void put_mndp_nobody(struct test_frame *f)
{
	put32(f, 0);
	put_type(f, 5, "core", 4);
}

static inline void put_ubiquiti_field(struct test_frame *f, unsigned int type, const char *bytes, size_t length)
{
	put8(f, type);
	put16(f, length);
	put(f, bytes, length);
}

static inline void put_ubiquiti(struct test_frame *f)
{
	size_t at = f->length;

	put32(f, 0x01000000);
	put_ubiquiti_field(f, 2, "\2\0\0\0\0\x09\x0a\0\0\x09", 10);
	put_ubiquiti_field(f, 3, "XM.v5.6.3", 9);
	put_ubiquiti_field(f, 11, "roof", 4);
	put_ubiquiti_field(f, 12, "N5N", 3);
	put_ubiquiti_field(f, 13, "lab", 3);
	put_ubiquiti_field(f, 20, "NanoStation M5", 14);
	set16(f, at + 2, f->length - at - 4);
}

static inline void put_ubiquiti_2(struct test_frame *f)
{
	size_t at = f->length;

	put32(f, 0x02060000);
	put_ubiquiti_field(f, 11, "hall", 4);
	put_ubiquiti_field(f, 21, "U7PG2", 5);
	put_ubiquiti_field(f, 22, "6.5.28", 6);
	set16(f, at + 2, f->length - at - 4);
}

static inline void put_ubiquiti_question(struct test_frame *f)
{
	put32(f, 0x01000000);
}

static inline void put_ubiquiti_short(struct test_frame *f)
{
	put32(f, 0x01000005);
	put_ubiquiti_field(f, 11, "ro", 2);
	f->bytes[f->length - 3]++;
}

static inline void put_kasa_text(struct test_frame *f, const char *json)
{
	uint8_t key = 171;

	for (; *json; json++) {
		key ^= (uint8_t)*json;
		put8(f, key);
	}
}

static inline void put_kasa(struct test_frame *f)
{
	put_kasa_text(
		f,
		"{\"system\":{\"get_sysinfo\":{\"err_code\":0,\"sw_ver\":\"1.5.4\",\"hw_ver\":\"2.0\","
		"\"type\":\"IOT.SMARTPLUGSWITCH\",\"model\":\"HS110(EU)\",\"mac\":\"02:00:00:00:00:09\","
		"\"alias\":\"Lamp\",\"on_time\":-1.5e3,\"latitude_i\":480000,\"children\":[{\"alias\":\"A\"},"
		"{}]}},\"emeter\":[]}");
}

static inline void put_kasa_unfinished(struct test_frame *f)
{
	put_kasa_text(f, "{\"system\":{\"get_sysinfo\":{\"model\":\"HS110(EU)\"}}");
}

static inline void put_kasa_question(struct test_frame *f)
{
	put_kasa_text(f, "{\"system\":{\"get_sysinfo\":{}}}");
}

static inline uint32_t frame_crc32(const uint8_t *bytes, size_t length)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < length * 8; i++) {
		if (i % 8 == 0)
			crc ^= bytes[i / 8];
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static inline void set32(struct test_frame *f, size_t at, uint32_t value)
{
	set16(f, at, value >> 16);
	set16(f, at + 2, value & 0xffff);
}

static inline void put_tapo_of(struct test_frame *f, const char *ip)
{
	char json[256];
	size_t at = f->length;

	snprintf(json, sizeof(json),
		 "{\"result\":{\"device_type\":\"SMART.TAPOPLUG\",\"device_model\":\"P110(EU)\",\"ip\":\"%s\","
		 "\"mac\":\"02-00-00-00-00-09\",\"factory_default\":false},\"error_code\":0}",
		 ip);
	put32(f, 0x02000001);
	put16(f, strlen(json));
	put16(f, 0x1100);
	put32(f, 0x01020304);
	put32(f, 0x5a6b7c8d);
	put_text(f, json);
	set32(f, at + 12, frame_crc32(f->bytes + at, f->length - at));
}

static inline void put_tapo(struct test_frame *f)
{
	put_tapo_of(f, "10.0.0.9");
}

static inline void put_tapo_of_another(struct test_frame *f)
{
	put_tapo_of(f, "10.0.0.7");
}

static inline void put_tapo_wrong_sum(struct test_frame *f)
{
	put_tapo_of(f, "10.0.0.9");
	f->bytes[f->length - 2] = '1';
}

static inline void put_tuya_frame(struct test_frame *f, unsigned int command, const void *bytes, size_t length)
{
	size_t at = f->length;

	put32(f, 0x000055aa);
	put32(f, 0);
	put32(f, command);
	put32(f, (uint32_t)length + 12);
	put32(f, 0);
	put(f, bytes, length);
	put32(f, frame_crc32(f->bytes + at, f->length - at));
	put32(f, 0x0000aa55);
}

static inline void put_tuya(struct test_frame *f)
{
	static const char json[] =
		"{\"ip\":\"10.0.0.9\",\"gwId\":\"bf0123456789abcdef\",\"active\":2,\"encrypt\":false,"
		"\"productKey\":\"key0123456789ab\",\"version\":\"3.1\"}";

	put_tuya_frame(f, 0, json, sizeof(json) - 1);
}

/* The same of version 3.3, encrypted: `openssl enc -aes-128-ecb -K 6c1ec8e2bb9bb59ab50b0daf649b410a`. */
static inline void put_tuya_secret(struct test_frame *f)
{
	static const uint8_t json[] = {
		0x78, 0xcd, 0xd1, 0xae, 0xe1, 0x2f, 0x89, 0xaf, 0xfc, 0xd6, 0xb0, 0x09, 0x0b, 0xe5, 0x55, 0x4d,
		0x33, 0x12, 0xdf, 0xed, 0xb2, 0x93, 0x7a, 0x91, 0x7a, 0x7a, 0x8f, 0xa2, 0xad, 0x86, 0x1b, 0xbf,
		0x0f, 0x3d, 0x86, 0x81, 0x7d, 0xe7, 0xca, 0x03, 0xa4, 0xdb, 0xdf, 0x14, 0x19, 0xc7, 0x3c, 0x5a,
		0xc7, 0x6c, 0x5a, 0xdc, 0xce, 0x3c, 0xa6, 0x55, 0xeb, 0x2a, 0x7e, 0x02, 0x1c, 0x57, 0xee, 0x19,
		0xed, 0x2e, 0x82, 0x45, 0x0c, 0xda, 0xfe, 0xd3, 0x7b, 0xc9, 0x43, 0x5f, 0x8d, 0x19, 0xe9, 0x53,
		0x55, 0x28, 0xb6, 0x15, 0x52, 0xec, 0xda, 0xc4, 0x4d, 0x59, 0x03, 0xb0, 0x54, 0x59, 0x42, 0xb4,
		0xc8, 0x4e, 0xa4, 0x7a, 0xee, 0x4b, 0xd8, 0x48, 0x33, 0x50, 0xe0, 0xb4, 0xf0, 0xe1, 0x1b, 0x1c,
		0x91, 0x55, 0xc3, 0x57, 0xd4, 0xcb, 0x58, 0xd4, 0xfd, 0x5e, 0x20, 0x35, 0xb3, 0xa9, 0x99, 0xf9,
	};

	put_tuya_frame(f, 0x13, json, sizeof(json));
}

static inline void put_tuya_search(struct test_frame *f)
{
	put_tuya_frame(f, 0x25, "{\"from\":\"app\"}", 14);
}

static inline void put_tuya_wrong_sum(struct test_frame *f)
{
	put_tuya(f);
	f->bytes[f->length - 9] = ' ';
}

static inline void put_dropbox(struct test_frame *f)
{
	put_text(f, "{\"host_int\": 81234567890123456, \"version\": [2, 0], \"displayname\": \"\", \"port\": "
		    "17500, "
		    "\"namespaces\": [1234, 5678]}");
}

static inline void put_dropbox_without_port(struct test_frame *f)
{
	put_text(f, "{\"host_int\": 8, \"version\": [2, 0], \"port\": 99999, \"namespaces\": []}");
}

/* Two messages of Protocol Buffers: who sends which kind; version, port, name, an account. */
static inline void put_steam_of(struct test_frame *f, unsigned int kind, unsigned int name_length)
{
	size_t at;

	put(f, "\xff\xff\xff\xff\x21\x4c\x5f\xa0\x0d\0\0\0", 12);
	put(f, "\x08\x81\x82\x83\x84\x85\x86\x87\x08\x10", 10);
	put8(f, kind);
	put(f, "\x18\1", 2);
	at = f->length;
	put32(f, 0);
	put(f, "\x08\x08\x10\6\x18\x9c\xd3\1\x22", 9);
	put8(f, name_length);
	put_text(f, "game-pc");
	put(f, "\x30\2\x38\x10\x40\1\x4a\x0b\x09\1\2\3\4\5\6\7\x08\x10\7", 19);
	f->bytes[at] = (uint8_t)(f->length - at - 4);
}

static inline void put_steam(struct test_frame *f)
{
	put_steam_of(f, 1, 7);
}

static inline void put_steam_search(struct test_frame *f)
{
	put_steam_of(f, 0, 7);
}

static inline void put_steam_long(struct test_frame *f)
{
	put_steam_of(f, 1, 127);
}

static inline void put_enip_of(struct test_frame *f, const uint8_t *ip)
{
	size_t at = f->length, item;

	put(f, "\x63\0\0\0\0\0\0\0\0\0\0\0abcdefgh\0\0\0\0", 24);
	put(f, "\1\0\x0c\0\0\0", 6);
	item = f->length;
	put16_little(f, 1);
	put32(f, 0x0002af12);
	put(f, ip, 4);
	put_zeros(f, 8);
	put16_little(f, 1);
	put16_little(f, 14);
	put16_little(f, 166);
	put16_little(f, 0x0b14);
	put16_little(f, 0x60);
	put32_little(f, 0x00c0ffee);
	put8(f, 13);
	put_text(f, "1756-L71/B LO");
	put8(f, 3);
	f->bytes[item - 2] = (uint8_t)(f->length - item);
	f->bytes[at + 2] = (uint8_t)(f->length - at - 24);
}

static inline void put_enip(struct test_frame *f)
{
	put_enip_of(f, ip_printer);
}

static inline void put_enip_of_another(struct test_frame *f)
{
	put_enip_of(f, ip_laptop);
}

static inline void put_enip_question(struct test_frame *f)
{
	put(f, "\x63\0\0\0\0\0\0\0\0\0\0\0abcdefgh\0\0\0\0", 24);
}

static inline void put_enip_long(struct test_frame *f)
{
	put_enip(f);
	put8(f, 0);
}

/* The link's header, and the network's: no destination; network: of a device behind a router. */
static inline void put_bacnet(struct test_frame *f, unsigned int function, unsigned int control,
			      const char *bytes, size_t length)
{
	size_t at = f->length;

	put16(f, 0x8100 | function);
	put16(f, 0);
	if (function == 4) {
		put(f, ip_laptop, 4);
		put16(f, 47808);
	}
	put8(f, 1);
	put8(f, control);
	if (control & 8)
		put(f, "\0\x07\1\x3d", 4);
	put(f, bytes, length);
	set16(f, at + 2, f->length - at);
}

#define PUT_BACNET(f, function, control, literal) put_bacnet(f, function, control, literal, sizeof(literal) - 1)
#define BACNET_I_AM "\x10\0\xc4\2\0\0\x7b\x22\5\xc4\x91\3\x21\x2a"

static inline void put_bacnet_i_am(struct test_frame *f)
{
	PUT_BACNET(f, 11, 0, BACNET_I_AM);
}

static inline void put_bacnet_forwarded(struct test_frame *f)
{
	PUT_BACNET(f, 4, 0, BACNET_I_AM);
}

static inline void put_bacnet_behind(struct test_frame *f)
{
	PUT_BACNET(f, 11, 8, BACNET_I_AM);
}

static inline void put_bacnet_router(struct test_frame *f)
{
	PUT_BACNET(f, 11, 0x80, "\1\0\x07\0\x08");
}

static inline void put_bacnet_question(struct test_frame *f)
{
	PUT_BACNET(f, 10, 4, "\0\5\1\x0c\x0c\2\0\0\x7b\x19\x4d");
}

static inline void put_bacnet_other_question(struct test_frame *f)
{
	PUT_BACNET(f, 10, 4, "\0\5\2\x0c\x0c\2\0\0\x7b\x19\x4d");
}

static inline void put_bacnet_property(struct test_frame *f)
{
	PUT_BACNET(f, 10, 0, "\x30\1\x0c\x0c\2\0\0\x7b\x19\x46\x3e\x75\6\0AHU-1\x3f");
}

static inline void put_bacnet_properties(struct test_frame *f)
{
	PUT_BACNET(
		f, 10, 0,
		"\x30\1\x0e\x0c\2\0\0\x7b\x1e\x29\x4d\x4e\x75\5\0Roof\x4f\x29\x79\x5e\x91\2\x91\x20\x5f\x29\x57"
		"\x39\1\x4e\x3e\x21\7\x3f\x4f\x1f\x0c\0\0\0\1\x1e\x29\x4d\x4e\x75\5\0Fan1\x4f\x1f");
}

static inline void put_bacnet_unclosed(struct test_frame *f)
{
	PUT_BACNET(f, 10, 0, "\x30\1\x0c\x0c\2\0\0\x7b\x19\x46\x3e\x75\6\0AHU-1\x4f");
}

static inline void put_bacnet_short(struct test_frame *f)
{
	put_bacnet(f, 11, 0, BACNET_I_AM, 12);
}

static inline void device_frames_make(struct test_frames *all)
{
	static const uint8_t *const from_printer[2] = {mac_printer, mac_all}, *const to_laptop[2] = {
										      mac_printer, mac_laptop};
	static const uint8_t *const to_all[2] = {ip_printer, ip_all}, *const answers[2] = {ip_printer,
											   ip_laptop};
	static const uint8_t *const none_to_all[2] = {ip_none, ip_all}, *const from_laptop[2] = {mac_laptop,
												 mac_all};

	all->count = 0;
	add_udp(all, "mndp", from_printer, to_all, 5678, 5678, put_mndp);
	add_udp(all, "mndp without an address", from_printer, none_to_all, 5678, 5678, put_mndp);
	add_udp(all, "mndp of another", from_laptop, to_all, 5678, 5678, put_mndp);
	add_udp(all, "mndp question", from_printer, to_all, 5678, 5678, put_ubiquiti_question);
	add_udp(all, "mndp of no length", from_printer, to_all, 5678, 5678, put_mndp_short);
	add_udp(all, "mndp of nobody", from_printer, to_all, 5678, 5678, put_mndp_nobody);
	add_udp(all, "ubiquiti", to_laptop, answers, 10001, 50000, put_ubiquiti);
	add_udp(all, "ubiquiti 2", from_printer, to_all, 50001, 10001, put_ubiquiti_2);
	add_udp(all, "ubiquiti question", from_printer, to_all, 50001, 10001, put_ubiquiti_question);
	add_udp(all, "ubiquiti of no length", from_printer, to_all, 50001, 10001, put_ubiquiti_short);
	add_udp(all, "kasa", to_laptop, answers, 9999, 50000, put_kasa);
	add_udp(all, "kasa question", from_printer, to_all, 50000, 9999, put_kasa_question);
	add_udp(all, "kasa unfinished", to_laptop, answers, 9999, 50000, put_kasa_unfinished);
	add_udp(all, "tapo", to_laptop, answers, 20002, 50000, put_tapo);
	add_udp(all, "tapo of another", to_laptop, answers, 20002, 50000, put_tapo_of_another);
	add_udp(all, "tapo of a wrong sum", to_laptop, answers, 20002, 50000, put_tapo_wrong_sum);
	add_udp(all, "tuya", from_printer, to_all, 50000, 6666, put_tuya);
	add_udp(all, "tuya encrypted", from_printer, to_all, 50000, 6667, put_tuya_secret);
	add_udp(all, "tuya search", from_printer, to_all, 50000, 6667, put_tuya_search);
	add_udp(all, "tuya of a wrong sum", from_printer, to_all, 50000, 6666, put_tuya_wrong_sum);
	add_udp(all, "dropbox", from_printer, to_all, 17500, 17500, put_dropbox);
	add_udp(all, "dropbox without a port", from_printer, to_all, 17500, 17500, put_dropbox_without_port);
	add_udp(all, "steam", from_printer, to_all, 27036, 27036, put_steam);
	add_udp(all, "steam search", from_printer, to_all, 27036, 27036, put_steam_search);
	add_udp(all, "steam of no length", from_printer, to_all, 27036, 27036, put_steam_long);
	add_udp(all, "enip", to_laptop, answers, 44818, 50000, put_enip);
	add_udp(all, "enip of another", to_laptop, answers, 44818, 50000, put_enip_of_another);
	add_udp(all, "enip question", from_printer, to_all, 44818, 44818, put_enip_question);
	add_udp(all, "enip too long", to_laptop, answers, 44818, 50000, put_enip_long);
	add_udp(all, "bacnet", from_printer, to_all, 47808, 47808, put_bacnet_i_am);
	add_udp(all, "bacnet forwarded", from_printer, to_all, 47808, 47808, put_bacnet_forwarded);
	add_udp(all, "bacnet behind a router", from_printer, to_all, 47808, 47808, put_bacnet_behind);
	add_udp(all, "bacnet router", from_printer, to_all, 47808, 47808, put_bacnet_router);
	add_udp(all, "bacnet question", to_laptop, answers, 47808, 47808, put_bacnet_question);
	add_udp(all, "bacnet other question", to_laptop, answers, 47808, 47808, put_bacnet_other_question);
	add_udp(all, "bacnet property", to_laptop, answers, 47808, 47808, put_bacnet_property);
	add_udp(all, "bacnet properties", to_laptop, answers, 47808, 47808, put_bacnet_properties);
	add_udp(all, "bacnet unclosed", to_laptop, answers, 47808, 47808, put_bacnet_unclosed);
	add_udp(all, "bacnet too short", from_printer, to_all, 47808, 47808, put_bacnet_short);
	add_answers(all);
}

#endif
