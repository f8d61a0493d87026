// SPDX-License-Identifier: BSD-2-Clause
// Each way in which a sensor can miss something: what it means for a person, and what mends it. A counter that
// is not here is shown under its own name. `losses.test.ts` compares them with what sensors count.

const busy = 'Lower the load of this machine, or give the sensor a port that mirrors less.';

export const losses: Record<string, { title: string; means: string; mend: string }> = {
  frames_truncated: { title: 'Frames cut short', means: 'A header did not fit into what was received.', mend: 'Check the cable and the mirror port: many of them mean a faulty link or a mirror that cuts frames.' },
  frames_malformed: { title: 'Malformed frames', means: 'A header contradicts itself; nothing was learned from that frame.', mend: 'A few are normal. Many point to a faulty device or to someone who tries things.' },
  frames_unsupported: { title: 'Frames in an encapsulation not read', means: 'More tags, labels or extension headers than are followed, or a tunnel of a kind that is not known.', mend: 'Mirror the traffic where it is not encapsulated.' },
  flows_refused: { title: 'Packets of flows without room', means: 'The flow table was full; these packets are not counted.', mend: 'A larger table: netvisor-sensor --flows N, twice what it is now.' },
  tunnels_in_tunnels: { title: 'Tunnels inside tunnels', means: 'What the outer one carries was read; what the inner one carries was not.', mend: 'Mirror the traffic inside the outer tunnel, after it has been unpacked.' },
  flows_evicted: { title: 'Flows pushed out', means: 'Counts of quiet flows were let go for newer ones.', mend: 'A larger table: netvisor-sensor --flows N, twice what it is now.' },
  hosts_evicted: { title: 'Hosts pushed out', means: 'Quiet hosts were let go for newer ones; they are found again when they speak.', mend: 'Watch fewer networks with this sensor.' },
  ring_full_flow: { title: 'New flows told late', means: 'The way from the kernel was full. The flow is told with its next packet.', mend: busy },
  ring_full_handshake: { title: 'Handshakes told late', means: 'The way from the kernel was full. The service is told with the next connection.', mend: busy },
  ring_full_host: { title: 'New hosts told late', means: 'The way from the kernel was full. The host is told with its next flow.', mend: busy },
  ring_full_frame: { title: 'Frames not read', means: 'The way from the kernel was full; names or addresses in these frames are missed until they are sent again.', mend: busy },
  frame_copies_cut: { title: 'Long frames read in part', means: 'Longer than what is copied of a frame.', mend: 'Nothing: what is announced stands at the beginning of a frame.' },
  frame_copies_unreadable: { title: 'Frames the kernel kept', means: 'The kernel would not hand out the bytes.', mend: 'Switch off large receive offload on the port: ethtool -K IF lro off gro off.' },
  over_budget_arp: { title: 'ARP over budget', means: 'More ARP than is read in a second; the rest was counted only.', mend: 'Look for a device that floods ARP, or a loop.' },
  over_budget_nd: { title: 'Neighbour discovery over budget', means: 'More IPv6 neighbour discovery than is read in a second.', mend: 'Look for a device that floods it, or a loop.' },
  over_budget_dhcp: { title: 'DHCP over budget', means: 'More DHCP than is read in a second.', mend: 'Look for a client that asks in a loop.' },
  over_budget_dns: { title: 'DNS over budget', means: 'More DNS answers than are read in a second; some names are missed until they are asked again.', mend: 'Nothing: this is normal beside a busy resolver.' },
  over_budget_mdns: { title: 'mDNS over budget', means: 'More mDNS than is read in a second; it is repeated by its senders.', mend: 'Nothing, in a large network after a power cut; otherwise look for a reflector loop.' },
  over_budget_announce: { title: 'Announcements over budget', means: 'More SSDP, NetBIOS or similar than is read in a second.', mend: 'Nothing: they are repeated by their senders.' },
  over_budget_link: { title: 'Link announcements over budget', means: 'More LLDP, CDP or spanning tree than is read in a second.', mend: 'Look for a loop between switches.' },
  over_budget_router: { title: 'Router announcements over budget', means: 'More router announcements than are read in a second.', mend: 'Look for a device that floods them.' },
  over_budget_data: { title: 'First data packets over budget', means: 'More new conversations in a second than are looked into; they are counted all the same.', mend: 'Nothing, under a scan or a flood: it ends with it.' },
  over_budget_fragment: { title: 'Fragments over budget', means: 'More pieces of fragmented packets in a second than are put together; they are counted all the same.', mend: 'Look for a tunnel or a link with too small an MTU, or for someone who floods.' },
  facts_over_limit_heard: { title: 'Too many different values of one service', means: 'A service said one thing in more than 32 ways in a day; the rest was left out.', mend: 'Nothing: this is normal of a proxy that many services share.' },
  frames_unreadable: { title: 'Frames that were not to be taken apart', means: 'The copy of a frame did not hold what the kernel had found in it.', mend: 'A few are normal on a faulty link. Many: install both halves of the sensor from the same build.' },
  datagrams_given_up: { title: 'Fragmented packets not put together', means: 'A piece was missing, came too late, or there were too many at once.', mend: 'A few are normal. Many: look for a link with too small an MTU.' },
  records_malformed: { title: 'Records not understood', means: 'Kernel and user side of the sensor disagree.', mend: 'Install both from the same build.' },
  flows_forgotten: { title: 'Flows forgotten', means: 'Quiet conversations were let go to keep memory bounded; their totals begin anew when they speak again.', mend: 'Watch fewer networks with this sensor.' },
  hosts_forgotten: { title: 'Hosts forgotten', means: 'Quiet hosts were let go to keep memory bounded; the collector still has them.', mend: 'Watch fewer networks with this sensor.' },
  claims_forgotten: { title: 'Claims on addresses forgotten', means: 'Who claims which address was let go to keep memory bounded; a conflict that began long ago may be told later.', mend: 'Watch fewer networks with this sensor, or look for one that makes up addresses.' },
  conflicts_over_limit: { title: 'Too many conflicts', means: 'More than 512 different ones in a day; the rest was not told.', mend: 'Look for who makes up addresses, servers or bridges: the first of them say where.' },
  tunnel_claims_left_out: { title: 'Addresses claimed inside a tunnel', means: 'What a tunnel carried said that another device has an address which somebody on this network has. Anybody can send such packets, so it was not believed.', mend: 'Nothing, where two networks of tenants use the same addresses. Otherwise look for who sends them.' },
  services_forgotten: { title: 'Services forgotten', means: 'Quiet services were let go to keep memory bounded; the collector still has them.', mend: 'Watch fewer networks with this sensor.' },
  clients_uncounted: { title: 'Clients not counted', means: 'So many clients of services are remembered that there was no room for more; a service keeps the number that it had reached.', mend: 'Watch fewer networks with this sensor, or look for one that makes up addresses.' },
  received_forgotten: { title: 'What silent addresses were sent, forgotten', means: 'Something was sent to an address that has not spoken, and made room for others; if it speaks, what it received is counted from then on.', mend: 'Nothing, under a scan: it ends with it.' },
  questions_forgotten: { title: 'Questions forgotten before their answer', means: 'More questions by UDP were open at once than are remembered; an answer whose question is forgotten shows no service.', mend: 'Nothing, under a scan or a flood: it ends with it.' },
  connections_given_up: { title: 'Beginnings of connections not looked into', means: 'More connections began at once than are followed to see which protocol they speak; they are counted all the same.', mend: 'Nothing, under a scan or a flood: it ends with it.' },
  hellos_given_up: { title: 'QUIC handshakes not looked into', means: 'More QUIC connections began at once than are put together to see whom they ask for; they are counted all the same.', mend: 'Nothing, under a flood: it ends with it.' },
  streams_given_up: { title: 'Conversations not put together', means: 'Segments of a TCP conversation came too far apart or too many at once.', mend: busy },
  outbox_full: { title: 'Facts dropped from the outbox', means: 'The collector was away for longer than the disk limit allows; the oldest facts were dropped.', mend: 'Bring the collector back, then “Say everything again”. More room: netvisor-sensor --outbox-limit-mb N.' },
  port_missed: { title: 'Frames the port had no room for', means: 'They reached the network card and never this machine.', mend: 'A larger ring: ethtool -G IF rx N. Or a port that mirrors less.' },
  capture_dropped: { title: 'Frames libpcap had to drop', means: 'They came faster than this engine reads them.', mend: 'Use --engine xdp where the kernel allows it (netvisor-sensor check says), or a port that mirrors less.' },
  packets_cut_by_capture: { title: 'Packets cut by the capture', means: 'The file was written with a snapshot length; what is behind it is not there.', mend: 'Capture whole packets: tcpdump -s 0.' },
  link_type_unsupported: { title: 'Frames of another kind of link', means: 'The capture file is not of Ethernet.', mend: 'Capture on an Ethernet port.' },
  frames_refused_by_kernel: { title: 'Frames the kernel would not replay', means: 'Reading a file through the XDP program, the kernel refused some frames, for example shorter than an Ethernet header.', mend: 'Read the file with --engine pcap.' },
  outbox_refused: { title: 'Facts not written', means: 'The outbox could not be written, for example because the disk is full.', mend: 'Make room where --data-dir is, then “Say everything again”.' },
  outbox_damaged: { title: 'Facts unreadable in the outbox', means: 'The file was damaged, for example by a failing disk.', mend: 'Check the disk, then “Say everything again”.' },
  outbox_dropped: { title: 'Facts dropped from the outbox', means: 'The collector was away for longer than the disk limit allows; the oldest facts were dropped.', mend: 'More room: netvisor-sensor --outbox-limit-mb N.' },
  collector_refused: { title: 'Facts the collector refused', means: 'It did not understand them; sensor and collector are of different versions.', mend: 'Install both from the same release.' },
  facts_evicted: { title: 'Facts let go', means: 'The longest unseen facts made room for new ones; they are said again when they are seen again.', mend: 'Watch fewer networks with this sensor.' },
  texts_cut: { title: 'Texts cut', means: 'Someone sent a text longer than is kept; its beginning was kept.', mend: 'Nothing.' },
  facts_refused: { title: 'Facts not held', means: 'There was no room to remember them.', mend: 'Watch fewer networks with this sensor.' },
};

// Those that there is one of for each protocol: `malformed_arp`. protocol: as people call it.
export const lossFamilies: Record<string, (protocol: string) => { title: string; means: string; mend: string }> = {
  malformed_: protocol => ({
    title: `${protocol}: not understood`,
    means: 'These frames contradict themselves or the standard. Nothing was learned from them, so that nothing false is shown.',
    mend: 'A few are normal. Many point to a device with a fault, or to someone who tries things.',
  }),
  truncated_: protocol => ({
    title: `${protocol}: cut short`,
    means: 'Only the beginning of these frames was received, and what it is about stood behind it.',
    mend: 'Let the mirror port send whole frames; a capture file is to be written with tcpdump -s 0.',
  }),
  facts_over_limit_: protocol => ({
    title: `${protocol}: more than is taken of one device`,
    means: 'A frame held more names, addresses or values than are read of one, or one device said a thing in more ways than are kept in a day; the first were kept.',
    mend: 'Nothing, once in a while. Often: look for a device that sends far too much.',
  }),
};

// What decoders are called, where it is not the source's name.
export const decoderNames: Record<string, string> = {
  netbios: 'NetBIOS datagrams', syn: 'TCP SYN', heard: 'What services say', pvst: 'Spanning tree of a VLAN', ripng: 'RIPng', tapo: 'TP-Link Tapo', coap: 'CoAP', stun: 'STUN', steam: 'Steam', answer: 'Answers by UDP',
};
