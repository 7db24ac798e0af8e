// A machine whose stack is gVisor's, on a tap interface. Arguments: the interface, its IPv4 address, its IPv6 address, the
// length of their prefixes, and the ports that are open. Prints `ready` when they are.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
)

func main() {
	if len(os.Args) < 7 {
		fail("wanted: INTERFACE ADDRESS LENGTH ADDRESS6 LENGTH PORT...")
	}
	fd, err := tun.OpenTAP(os.Args[1])
	if err != nil {
		fail(err)
	}
	link, err := fdbased.New(&fdbased.Options{
		FDs: []int{fd}, MTU: 1500, EthernetHeader: true, Address: tcpip.LinkAddress("\x02\x00\x00\x00\x00\x09"),
	})
	if err != nil {
		fail(err)
	}
	s := stack.New(stack.Options{
		NetworkProtocols: []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol, arp.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{
			tcp.NewProtocol, udp.NewProtocol, icmp.NewProtocol4, icmp.NewProtocol6,
		},
		HandleLocal: true,
	})
	// As gVisor's own runsc has it.
	sack := tcpip.TCPSACKEnabled(true)
	if err := s.SetTransportProtocolOption(tcp.ProtocolNumber, &sack); err != nil {
		fail(err)
	}
	const nic = 1
	if err := s.CreateNIC(nic, link); err != nil {
		fail(err)
	}
	give(s, nic, ipv4.ProtocolNumber, tcpip.Address(net.ParseIP(os.Args[2]).To4()), number(os.Args[3]))
	give(s, nic, ipv6.ProtocolNumber, tcpip.Address(net.ParseIP(os.Args[4]).To16()), number(os.Args[5]))
	s.SetRouteTable([]tcpip.Route{
		{Destination: header.IPv4EmptySubnet, NIC: nic}, {Destination: header.IPv6EmptySubnet, NIC: nic},
	})
	for _, port := range os.Args[6:] {
		// One of IPv6 takes IPv4 as well.
		listener, err := gonet.ListenTCP(s, tcpip.FullAddress{Port: uint16(number(port))}, ipv6.ProtocolNumber)
		if err != nil {
			fail(err)
		}
		go func() {
			for {
				if _, err := listener.Accept(); err != nil {
					return
				}
			}
		}()
	}
	fmt.Println("ready")
	select {}
}

func give(s *stack.Stack, nic tcpip.NICID, protocol tcpip.NetworkProtocolNumber, address tcpip.Address, length int) {
	with := tcpip.AddressWithPrefix{Address: address, PrefixLen: length}
	one := tcpip.ProtocolAddress{Protocol: protocol, AddressWithPrefix: with}
	if err := s.AddProtocolAddress(nic, one, stack.AddressProperties{}); err != nil {
		fail(err)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		fail(err)
	}
	return value
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
