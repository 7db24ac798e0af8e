/**
 * How the stacks of systems answer a SYN, a system a paragraph, its answers indented below it. The form is that which
 * `portolan fingerprint` prints; `signatures.ts` reads it:
 *
 *     name | family | generation | kind of device | vendor | CPE | where it is known from
 *       options in their order (-: none) window=W ttl=T df=0|1 [scale=S] [mss=M] [ip=4|6] [clock=boot]
 *
 * `W` is a number, `k*` (k segments of the size that is offered, less twelve bytes where timestamps are on), `max*` (as many
 * as fit into 65,535 bytes), `*` (any number of segments, two at least) or `any`; `*` stands for whatever it may be, and `|`
 * between alternatives. `ip`: so over this one alone. `clock=boot`: its timestamps count from its start.
 *
 * Those whose source is `stacks`, numbered as there, were made of the database of Hershel+ (zk7/hershelplus), with this notice:
 *
 * Copyright (c) 2017 IRL at Texas A&M University (http://irl.cse.tamu.edu). All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
 * following conditions are met: Redistributions of source code must retain the above copyright notice, this list of
 * conditions and the following disclaimer. Redistributions in binary form must reproduce the above copyright notice, this
 * list of conditions and the following disclaimer in the documentation and/or other materials provided with the
 * distribution. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
 * products derived from this software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
 * INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
 * SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
 * LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
 * SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 *
 * @module
 */

/** The signatures. */
export const signatureText = `
Linux 4.19-7.x | Linux | 4.19-7.x | general purpose | Linux | cpe:/o:linux:linux_kernel | kernel documentation, ip-sysctl: tcp_rmem has 131072 bytes since 4.20, half of it is offered in whole segments
  mss,sack,ts,nop,wscale window=max* ttl=64 df=*
  mss,sack,ts window=max* ttl=64 df=*
  mss,nop,nop,ts,nop,wscale window=max* ttl=64 df=*
  mss,nop,nop,ts window=max* ttl=64 df=1
  mss,nop,nop,sack,nop,wscale window=max* ttl=64 df=*
  mss,nop,nop,sack window=max* ttl=64 df=1
  mss,nop,wscale window=max* ttl=64 df=1
  mss window=max* ttl=64 df=1
  mss,sack,ts,nop,wscale window=max*|65535 ttl=128|255|32 df=1
  mss,nop,nop,sack,nop,wscale window=max*|65535 ttl=128|255|32 df=1
  mss,nop,nop,ts,nop,wscale window=max* ttl=128|255|32 df=1
  mss,sack,ts window=max* ttl=128|255|32 df=1
  mss,nop,nop,sack window=max* ttl=128|255|32 df=1
  mss,nop,nop,ts window=max* ttl=128|255|32 df=1
  mss,sack,ts,nop,wscale window=65535 ttl=64 df=1

Linux 3.11-4.18 | Linux | 3.11-4.18 | general purpose | Linux | cpe:/o:linux:linux_kernel | kernel documentation, ip-sysctl: twenty segments are offered at first since 3.11
  mss,sack,ts,nop,wscale window=20* ttl=64 df=1 scale=0|1|2|3|4|5|6|7
  mss,sack,ts window=20* ttl=64 df=1
  mss,nop,nop,ts,nop,wscale window=20* ttl=64 df=1 scale=0|1|2|3|4|5|6|7
  mss,nop,nop,sack,nop,wscale window=20* ttl=64 df=1 scale=0|1|2|3|4|5|6|7
  mss,nop,nop,sack window=20* ttl=64 df=1
  mss window=20* ttl=64 df=1
  mss,sack,ts,nop,wscale window=20* ttl=128|255 df=1 scale=0|1|2|3|4|5|6|7

Linux 2.6.39-3.10 | Linux | 2.6.39-3.10 | general purpose | Linux | cpe:/o:linux:linux_kernel | RFC 6928, which Linux follows since 2.6.39: ten segments
  mss,sack,ts,nop,wscale window=10* ttl=64 df=1 scale=0|1|2|3|4|5|6|7 clock=boot
  mss,sack,ts window=10* ttl=64 df=1 clock=boot
  mss,nop,nop,sack,nop,wscale window=10* ttl=64 df=1 scale=0|1|2|3|4|5|6|7
  mss,nop,nop,sack window=10* ttl=64 df=1

Linux 2.4-2.6.38 | Linux | 2.4-2.6.38 | general purpose | Linux | cpe:/o:linux:linux_kernel | RFC 3390, which Linux followed: four segments
  mss,sack,ts,nop,wscale window=4*|3* ttl=64 df=1 scale=0|1|2|3|4|5|6|7 clock=boot
  mss,sack,ts window=4* ttl=64 df=1 clock=boot
  mss,nop,nop,sack,nop,wscale window=4*|3* ttl=64 df=1 scale=0|1|2|3|4|5|6|7

Linux | Linux | 2.4-7.x | general purpose | Linux | cpe:/o:linux:linux_kernel | kernel documentation, ip-sysctl: whole segments are offered, how many is set by tcp_rmem
  mss,sack,ts,nop,wscale window=* ttl=64 df=1
  mss,nop,nop,sack,nop,wscale window=* ttl=64 df=1

Windows 10-11 / Server 2016-2025 | Windows | 10-11, Server 2016-2025 | general purpose | Microsoft | cpe:/o:microsoft:windows | Microsoft, TCP/IP performance: the window begins at 65,535 bytes, timestamps are off unless asked for
  mss,nop,wscale,nop,nop,sack window=65535|65392|64240|64000 ttl=128 df=1 scale=8
  mss,nop,wscale,sack,ts window=65535|64000 ttl=128 df=1 scale=8

Windows Vista-8.1 / Server 2008-2012 R2 | Windows | Vista-8.1, Server 2008-2012 R2 | general purpose | Microsoft | cpe:/o:microsoft:windows | Microsoft, receive window auto-tuning: 8,192 bytes until the connection is there, scaled by 8
  mss,nop,wscale,nop,nop,sack window=8192 ttl=128 df=1 scale=8
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 scale=8 clock=boot

Windows 2000-2003 | Windows | 2000, XP, Server 2003 | general purpose | Microsoft | cpe:/o:microsoft:windows | Microsoft, TCP/IP implementation details of Windows 2000 and Server 2003
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=16384|64240|65535|17520 ttl=128 df=* scale=0|1|2|3
  mss,nop,nop,sack window=16384|17520 ttl=128 df=*

Windows | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | Microsoft, receive window auto-tuning: switched off, nothing is scaled
  mss,nop,nop,sack window=65535|64240|8192|64000 ttl=128 df=1

macOS 10.13-26 | macOS | 10.13-26 | general purpose | Apple | cpe:/o:apple:macos | Apple, XNU: tcp_output of the published sources; win_scale_factor
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=* scale=5|6
  mss,nop,wscale,sack window=65535 ttl=64 df=* scale=5|6

iOS 11-26 | macOS | 11-26 | phone | Apple | cpe:/o:apple:iphone_os | Apple, XNU: the same stack
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=* scale=5|6

Mac OS X 10.5-10.12 | macOS | 10.5-10.12 | general purpose | Apple | cpe:/o:apple:mac_os_x | Apple, XNU
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 scale=2|3|4

FreeBSD 9-15 | FreeBSD | 9-15 | general purpose | FreeBSD | cpe:/o:freebsd:freebsd | FreeBSD, tcp(4): 65,536 bytes, scaled for kern.ipc.maxsockbuf
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 scale=5|6|7|8|9
  mss,nop,wscale,sack window=65535 ttl=64 df=1 scale=7|8|9

FreeBSD 7-8 | FreeBSD | 7-8 | general purpose | FreeBSD | cpe:/o:freebsd:freebsd | FreeBSD, tcp(4): kern.ipc.maxsockbuf of 256 KiB
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 scale=3

DragonFly BSD | DragonFly BSD | | general purpose | DragonFly BSD | cpe:/o:dragonflybsd:dragonfly_bsd | DragonFly, tcp(4): net.inet.tcp.recvspace
  mss,nop,wscale,sack,ts window=57344 ttl=64 df=1

OpenBSD 4.9-7.x | OpenBSD | 4.9-7.x | general purpose | OpenBSD | cpe:/o:openbsd:openbsd | OpenBSD, tcp_output of the published sources: 16,384 bytes, NOPs before each option
  mss,nop,nop,sack,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 scale=3|6|7

OpenBSD 3.x-4.8 | OpenBSD | 3.x-4.8 | general purpose | OpenBSD | cpe:/o:openbsd:openbsd | OpenBSD, tcp(4): no scaling until 4.9
  mss,nop,nop,sack,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 scale=0

NetBSD 4-10 | NetBSD | 4-10 | general purpose | NetBSD | cpe:/o:netbsd:netbsd | NetBSD, tcp(4): net.inet.tcp.recvspace of 32,768 bytes; timestamps on a boundary of their own
  mss,nop,wscale,sack,nop,nop,nop,nop,ts window=32768 ttl=64 df=1 scale=2|3|4

Solaris 11 | Solaris | 11 | general purpose | Oracle | cpe:/o:oracle:solaris | Oracle, tcp(7P), and OpenSolaris' published sources: selective acknowledgement first
  sack,ts,mss,nop,wscale window=any ttl=64 df=1

illumos | Solaris | illumos | general purpose | illumos | cpe:/o:illumos:illumos | illumos, tcp(4P) and its published sources
  sack,ts,mss,nop,wscale window=any ttl=64 df=1

Solaris 8-10 | Solaris | 8-10 | general purpose | Oracle | cpe:/o:oracle:solaris | Sun, tcp(7P): timestamps first, 49,152 bytes in whole segments
  nop,nop,ts,mss,nop,wscale,nop,nop,sack window=any ttl=64 df=1 clock=boot

Cisco IOS 11-15 / IOS XE | IOS | 11-15, XE | router | Cisco | cpe:/o:cisco:ios | Cisco, ip tcp window-size: 4,128 bytes
  mss window=4128 ttl=255 df=*

JunOS (before 15) | JunOS | 8-14 | router | Juniper | cpe:/o:juniper:junos | Juniper: the kernel of FreeBSD 4 to 6
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 scale=0|1

lwIP | embedded | 1.x-2.x | specialized | lwIP | | lwIP, opt.h: TCP_WND of four segments, TCP_MSS of 536 bytes, a time to live of 255; with LWIP_WND_SCALE as Debian builds it, seen here
  mss window=2144 ttl=255 df=0 mss=536
  mss window=4* ttl=255 df=0
  mss,nop,wscale window=65535 ttl=255 df=0 scale=0|1|2|3|4

lwIP (ESP-IDF) | embedded | | specialized | Espressif | | Espressif, lwIP of ESP-IDF: TCP_WND and TCP_MSS of its configuration, a time to live of 64
  mss window=5744|5760 ttl=64 df=0 mss=1436|1440

FreeRTOS+TCP | embedded | | specialized | FreeRTOS | cpe:/o:amazon:freertos | FreeRTOS+TCP, ipconfigTCP_TIME_TO_LIVE of 128; the segments are never larger than one fragment
  mss,nop,wscale,nop,nop,sack window=2*|4*|6*|8* ttl=128 df=0 scale=0

gVisor | gVisor | | specialized | Google | | gVisor, netstack of the published sources: twenty segments, cut to what the scale can say; version of 2022-12, seen here
  mss,sack,ts,nop,wscale window=29184|28800 ttl=64 df=0 scale=5|6|7|8
  mss,nop,nop,ts,nop,wscale window=29184|28800 ttl=64 df=0 scale=5|6|7|8

libslirp (QEMU, slirp4netns) | libslirp | | bridge | libslirp | cpe:/a:libslirp_project:libslirp | version 4.7, seen here: a stack of 4.4BSD without options
  mss window=65535 ttl=64 df=0 mss=1460 ip=4
  mss window=65535 ttl=255 mss=1440 ip=6

passt | passt | | bridge | passt | | version of 2023-03, seen here: a time to live of 255, a scale of 8
  mss,nop,wscale window=65535 ttl=255 df=0 scale=8

HP LaserJet Series / OfficeJet Series / Brother MFC Printers | embedded | | printer | HP |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #1
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #344
HP LaserJet Series | embedded | | printer | HP |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #2
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #43
  mss,nop,wscale,nop,nop,ts window=11680 ttl=64 df=0 mss=1460 #58
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #74
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1460 #75
  mss,nop,wscale,nop,nop,ts window=11680 ttl=64 df=1 mss=1350 #90
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1460 #98
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #109
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=0 mss=1460 #132
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #153
  mss,nop,wscale window=5840 ttl=64 df=0 mss=1460 #176
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #201
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1460 #211
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #212
  mss,nop,wscale,nop,nop,ts window=11680 ttl=64 df=1 mss=1460 #240
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #246
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1350 #258
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1460 #316
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #360
  mss,nop,wscale,nop,nop,ts window=11680 ttl=64 df=1 mss=1380 #379
  mss window=5840 ttl=64 df=0 mss=1380 #381
  mss,nop,wscale,nop,nop,ts window=11680 ttl=64 df=1 mss=1460 #399
  mss,nop,wscale,nop,nop,ts window=5840 ttl=64 df=0 mss=1380 #411
Canon MF4500 Series | embedded | | printer | Canon |  | stacks
  mss,wscale window=8192 ttl=255 df=0 mss=1460 #3
Asus RT-AC66U Router | Linux | | router | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #4
Raid Controller | embedded | | storage-misc | Raid |  | stacks
  mss window=1446 ttl=64 df=0 mss=1446 #5
SUSE Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #6
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #191
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1300 #227
Windows 2008 R2 / 2012 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1456 #7
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1260 #147
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1380 #293
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1460 #310
Windows 7 / 2008 R2 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1460 #8
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1350 #93
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1464 #124
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1474 #194
  mss,nop,wscale,sack,ts window=8192 ttl=64 df=1 mss=1260 #294
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1464 #361
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1260 #392
F5 Big IP | BIG-IP | | load balancer | F5 | cpe:/o:f5:big-ip | stacks
  mss,nop,wscale,nop,nop,ts,sack window=4380 ttl=255 df=1 mss=1460 #9
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=4380 ttl=255 df=1 mss=1460 #250
Embedded Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=0 mss=1460 #10
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #206
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #366
Dell Color Laser Printers | embedded | | printer | Dell |  | stacks
  mss window=12288 ttl=32 df=0 mss=1380 #11
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1460 #187
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1426 #208
3Com Device | embedded | | specialized | 3Com |  | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #12
  mss window=1024 ttl=255 df=0 mss=536 #60
  mss window=1024 ttl=255 df=0 mss=536 #67
  mss window=1024 ttl=255 df=0 mss=536 #243
Xerox Color 560 | embedded | | printer | Xerox |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #16
Konica Minolta Printers | embedded | | printer | Konica |  | stacks
  mss,nop,wscale,nop,nop,ts window=1 ttl=64 df=0 mss=1460 #17
  mss,nop,wscale,nop,nop,ts window=1 ttl=64 df=1 mss=1460 #114
  mss,nop,wscale,nop,nop,ts window=1 ttl=64 df=1 mss=1460 #168
Dell Color Laser Printers / Xerox WorkCentre Series | embedded | | printer | Dell |  | stacks
  mss,nop,wscale window=4096 ttl=64 df=0 mss=1440 #18
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=1 mss=1460 #30
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1426 #32
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=1 mss=1460 #33
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=0 mss=1440 #350
Dell Laser Printers | embedded | | printer | Dell |  | stacks
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=1 mss=1460 #19
  mss window=12288 ttl=32 df=0 mss=1460 #163
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=0 mss=1440 #192
  mss,sack,ts,nop,wscale window=5792 ttl=255 df=1 mss=1460 #195
  mss,sack,ts,nop,wscale window=14480 ttl=255 df=1 mss=1460 #197
  mss,sack,ts,nop,wscale window=2896 ttl=255 df=1 mss=1460 #209
  mss,sack,ts,nop,wscale window=2896 ttl=255 df=1 mss=1460 #372
Dell Color Laser Series | embedded | | specialized | Dell |  | stacks
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=0 mss=1440 #20
Xerox WorkCentre Series | embedded | | printer | Xerox |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #21
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #29
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #31
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #45
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #68
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #101
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #137
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1350 #180
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1350 #184
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #271
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #274
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #275
  mss,nop,wscale window=10000 ttl=64 df=0 mss=1440 #345
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #351
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #352
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #370
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #375
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #400
Traf-Sys MIU-1000 Data Controller | embedded | | specialized | Traf-Sys |  | stacks
  mss window=2048 ttl=64 df=0 mss=560 #22
Dell Color Laser Printers / Xerox WorkCentre Series / Xerox Phaser Series | embedded | | printer | Dell |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #25
  - window=12288 ttl=32 df=0 mss=0 #207
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=1 mss=1460 #347
CentOS | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,nop,wscale window=5840 ttl=64 df=1 mss=1460 #26
  mss,sack,ts,nop,wscale window=17896 ttl=64 df=1 mss=8960 #239
  mss,nop,wscale window=14600 ttl=64 df=1 mss=1460 #249
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1436 #252
  mss,sack,ts,nop,wscale window=65160 ttl=64 df=1 mss=1460 #262
Windows XP / 2003 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=33580 ttl=128 df=0 mss=1460 #27
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=5555 ttl=128 df=0 mss=1460 #77
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=16384 ttl=128 df=0 mss=1380 #141
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=65535 ttl=64 df=0 mss=1460 #198
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=16384 ttl=128 df=0 mss=1460 #332
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=64240 ttl=128 df=0 mss=1380 #418
D-Link DCS-6620 Internet Camera | embedded | | webcam | D-Link |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #28
Ricoh Aficio Printers | embedded | | printer | Ricoh |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=255 df=0 mss=1460 #34
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1350 #89
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #202
Dell Switch | embedded | | switch | Dell |  | stacks
  - window=4096 ttl=64 df=0 mss=0 #35
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=1 mss=1426 #215
  mss window=4096 ttl=64 df=0 mss=1430 #255
Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #36
HP LaserJet Series / Brother MFC Printers | embedded | | printer | HP |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=0 mss=1460 #37
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=9366 ttl=64 df=1 mss=1350 #259
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8208 ttl=64 df=1 mss=1380 #386
HP Proliant iLO Server | embedded | | remote management | HP |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #39
  mss window=8192 ttl=64 df=0 mss=536 #57
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=33450 ttl=64 df=1 mss=1350 #92
  mss window=11680 ttl=64 df=0 mss=1350 #95
  mss window=11680 ttl=64 df=0 mss=1460 #99
  mss window=11680 ttl=64 df=0 mss=1460 #175
  mss window=11680 ttl=64 df=0 mss=1460 #189
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=33304 ttl=64 df=1 mss=1460 #214
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=33488 ttl=64 df=1 mss=1300 #234
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=12880 ttl=64 df=1 mss=1300 #235
  mss window=5840 ttl=64 df=0 mss=1300 #236
  mss window=5840 ttl=64 df=0 mss=1380 #382
APC Embedded | embedded | | power-device | APC |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=4344 ttl=64 df=1 mss=1460 #40
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=4344 ttl=64 df=1 mss=1460 #112
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=5152 ttl=64 df=1 mss=1300 #233
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=4104 ttl=64 df=1 mss=1380 #384
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=4344 ttl=64 df=1 mss=1460 #397
Schneider Building Operation Station | embedded | | specialized | Schneider |  | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #41
Epson Workforce Series | embedded | | printer | Epson |  | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #42
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #290
Schneider PowerLogic Ethernet Communications Card | embedded | | power-device | Schneider |  | stacks
  mss window=8192 ttl=64 df=0 mss=1460 #44
Mac OS X Server | macOS | | general purpose | Apple | cpe:/o:apple:mac_os_x | stacks
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 mss=1460 #46
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 mss=1460 #86
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 mss=1460 #302
Codian MCU | embedded | | media device | Codian |  | stacks
  mss,nop,wscale,nop,nop,ts window=32768 ttl=64 df=1 mss=1460 #49
Windows XP / 2000 / 2003 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,nop,sack window=16384 ttl=128 df=0 mss=1460 #50
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=64240 ttl=128 df=0 mss=1460 #309
Cisco IOS | IOS | | router | Cisco | cpe:/o:cisco:ios | stacks
  mss window=4128 ttl=255 df=0 mss=536 #53
  mss window=536 ttl=255 df=0 mss=536 #389
Trendnet TE-100-P1P Print Server | embedded | | printer | Trendnet |  | stacks
  mss window=2920 ttl=64 df=0 mss=1280 #54
Dell Laser Printers / Lexmark Printers | embedded | | printer | Dell |  | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=255 df=1 mss=1460 #55
  mss,sack,ts,nop,wscale window=14480 ttl=255 df=1 mss=1460 #269
Xerox Phaser Series | embedded | | printer | Xerox |  | stacks
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=0 mss=1440 #56
  mss,nop,wscale window=8192 ttl=64 df=0 mss=1460 #104
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=1 mss=1460 #178
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=0 mss=1440 #313
  - window=12288 ttl=32 df=0 mss=0 #387
TrippLite PowerAlert / WxGoos Climate Monitor / PowerLogic EGX100 Gateway | embedded | | power-device | TrippLite |  | stacks
  mss window=8192 ttl=64 df=0 mss=1460 #59
3Com Switch | embedded | | switch | 3Com |  | stacks
  mss window=8192 ttl=255 df=0 mss=1460 #61
Axis 2100 Network Camera | embedded | | webcam | Axis |  | stacks
  mss window=16352 ttl=64 df=0 mss=1460 #62
Geist Watchdog 15 | embedded | | power-device | Geist |  | stacks
  mss window=1501 ttl=128 df=0 mss=536 #63
Panasonic Network Camera / HP Proliant ILO Server | embedded | | webcam | Panasonic |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #64
Cisco IP Phone CP-8941 | embedded | | VoIP phone | Cisco |  | stacks
  mss,sack,ts,nop,wscale window=5776 ttl=64 df=1 mss=1456 #65
Cisco IP Phone CP-6921 | embedded | | VoIP phone | Cisco |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=0 mss=1456 #66
Brother MFC Printers | embedded | | printer | Brother |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #69
HP Embedded | embedded | | printer | HP |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #70
  mss window=16000 ttl=64 df=1 mss=1460 #305
Canon MF220 Series | embedded | | printer | Canon |  | stacks
  mss,wscale window=31000 ttl=255 df=0 mss=1460 #71
Ubuntu / Redhat / CentOS / SUSE Linux / Scientific Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=28960 ttl=64 df=1 mss=1460 #72
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #188
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #369
Odyssey LI-COR Infrared Imaging System | embedded | | specialized | Odyssey |  | stacks
  mss,sack,ts,nop,wscale window=32120 ttl=64 df=1 mss=1460 #73
D-Link DGS 1248T Switch | embedded | | switch | D-Link |  | stacks
  mss,nop,nop,sack window=1400 ttl=255 df=1 mss=1400 #76
Brother MFC-J5720 | embedded | | printer | Brother |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #78
Quantum Superloader | embedded | | storage-misc | Quantum |  | stacks
  mss window=8192 ttl=32 df=0 mss=1460 #79
IT Temperature Monitor Model E16 | embedded | | specialized | IT |  | stacks
  mss window=1024 ttl=64 df=0 mss=1460 #80
Unix | Solaris | | general purpose | Oracle | cpe:/o:oracle:solaris | stacks
  sack,ts,mss,nop,wscale window=64436 ttl=64 df=1 mss=1460 #81
  nop,nop,ts,mss,nop,wscale,nop,nop,sack window=50232 ttl=64 df=1 mss=1460 #226
Windows | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=64 df=1 mss=1460 #82
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1360 #335
Canon MX920 series | embedded | | printer | Canon |  | stacks
  mss window=11520 ttl=64 df=0 mss=1460 #84
Juniper MX240 Router | JunOS | | router | Juniper | cpe:/o:juniper:junos | stacks
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 mss=1460 #87
AMX Television Distribution System | embedded | | media device | AMX |  | stacks
  nop,nop,mss,sack,nop,wscale window=16384 ttl=64 df=1 mss=1460 #96
Dell 2162DS KVM Switch | embedded | | remote management | Dell |  | stacks
  mss,nop,wscale window=5680 ttl=64 df=1 mss=1420 #97
  mss,sack,ts,nop,wscale window=5632 ttl=64 df=1 mss=1420 #318
Windows XP | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=65535 ttl=128 df=1 mss=1460 #100
Redhat | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,nop,nop,sack,nop,wscale window=14600 ttl=64 df=1 mss=1460 #103
  mss,nop,nop,sack,nop,wscale window=14600 ttl=64 df=1 mss=1300 #283
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1380 #292
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1380 #296
Brother HL-6050 Series | embedded | | printer | Brother |  | stacks
  mss window=4096 ttl=64 df=0 mss=1460 #108
Loytech LDALI-3E101 | embedded | | specialized | Loytech |  | stacks
  mss,nop,wscale,nop,nop,ts window=17376 ttl=64 df=1 mss=1460 #110
Coolcentric CDU | embedded | | power-device | Coolcentric |  | stacks
  mss window=1446 ttl=64 df=0 mss=1446 #111
MOXA NE-4100T | embedded | | specialized | MOXA |  | stacks
  mss window=4096 ttl=64 df=0 mss=1460 #113
HP LaserJet 500 M551 | embedded | | printer | HP |  | stacks
  mss,nop,wscale,nop,nop,ts window=2920 ttl=64 df=1 mss=1460 #115
FreeBSD | FreeBSD | | general purpose | FreeBSD | cpe:/o:freebsd:freebsd | stacks
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 mss=1460 #116
  mss,nop,wscale,sack,ts window=65228 ttl=64 df=1 mss=1460 #119
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 mss=1460 #248
Ubuntu / Redhat / SUSE Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1460 #120
HP OfficeJet Series | embedded | | printer | HP |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=2896 ttl=64 df=1 mss=1460 #121
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=2896 ttl=64 df=1 mss=1460 #362
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=2736 ttl=64 df=1 mss=1380 #385
Ricoh Aficio MP C2551 / Codian IP VCR | embedded | | printer | Ricoh |  | stacks
  mss,nop,wscale,nop,nop,ts window=32768 ttl=64 df=1 mss=1460 #122
Brother MFC-7820N | embedded | | printer | Brother |  | stacks
  mss window=4096 ttl=64 df=0 mss=1460 #123
Lantronix Server | embedded | | specialized | Lantronix |  | stacks
  mss window=255 ttl=64 df=1 mss=1024 #125
  mss window=2048 ttl=64 df=0 mss=1460 #143
Dymo LabelWriter Print Server | embedded | | printer | Dymo |  | stacks
  mss,nop,wscale,nop,nop,ts window=17376 ttl=64 df=0 mss=1448 #126
NEC Projector Controller | embedded | | specialized | NEC |  | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=33580 ttl=128 df=1 mss=1460 #128
TemperatureGuard VM605E | embedded | | specialized | TemperatureGuard |  | stacks
  mss window=511 ttl=64 df=1 mss=1400 #129
Aptilo Mobile Access Server | embedded | | specialized | Aptilo |  | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1380 #131
Dell Kace K1000 | FreeBSD | | specialized | FreeBSD | cpe:/o:freebsd:freebsd | stacks
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 mss=1460 #133
BestLink SNMP/WEB Adapter | embedded | | specialized | BestLink |  | stacks
  mss window=8192 ttl=255 df=0 mss=1440 #134
Ubuntu | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=28960 ttl=64 df=1 mss=1460 #135
  mss,sack,ts,nop,wscale window=17896 ttl=64 df=1 mss=8960 #277
Schneider PowerLogic ION7650 | embedded | | power-device | Schneider |  | stacks
  - window=4380 ttl=64 df=0 mss=0 #136
Raritan Dominion LX | embedded | | specialized | Raritan |  | stacks
  mss,nop,nop,sack,nop,wscale window=5840 ttl=64 df=1 mss=1460 #138
ThecusOS | Linux | | storage-misc | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=11844 ttl=64 df=1 mss=3960 #139
Synology DiskStation | Linux | | storage-misc | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=13636 ttl=64 df=1 mss=1960 #140
Samsung ML-2150 Network Printer | embedded | | printer | Samsung |  | stacks
  mss window=4096 ttl=64 df=0 mss=1460 #144
Ricoh Aficio SP Series | embedded | | printer | Ricoh |  | stacks
  mss,wscale window=8192 ttl=255 df=0 mss=1460 #146
  mss,nop,nop,sack window=8192 ttl=128 df=0 mss=1460 #323
Kyocera Printers | embedded | | printer | Kyocera |  | stacks
  mss window=1460 ttl=255 df=0 mss=1460 #148
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #155
Windows 8 / Server 2012 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=65516 #149
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=65516 #183
Ricoh Aficio MP Series | embedded | | printer | Ricoh |  | stacks
  mss,nop,wscale,nop,nop,ts window=32768 ttl=64 df=1 mss=1350 #151
  mss,nop,wscale,nop,nop,ts window=32768 ttl=64 df=1 mss=1460 #190
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=0 mss=1460 #247
  mss,nop,wscale,nop,nop,ts window=32768 ttl=64 df=1 mss=1350 #260
AirOS / Aruba Networks Controller | Linux | | router | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1350 #152
StarDot NetcamSC | embedded | | webcam | StarDot |  | stacks
  mss window=32767 ttl=64 df=0 mss=1460 #154
  mss window=32767 ttl=64 df=0 mss=1460 #356
Polycom VSX8000 | embedded | | media device | Polycom |  | stacks
  mss window=8192 ttl=128 df=0 mss=1442 #156
Dell PowerVault TL2000 | embedded | | storage-misc | Dell |  | stacks
  mss,sack,wscale,ts,nop window=16000 ttl=64 df=1 mss=1448 #159
Burk ARC Plus | embedded | | specialized | Burk |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #164
Burk Plus-X IIU | embedded | | specialized | Burk |  | stacks
  mss window=201 ttl=128 df=0 mss=532 #165
HWg-STE: Ethernet thermometer | embedded | | specialized | HWg-STE: |  | stacks
  mss window=3216 ttl=64 df=0 mss=536 #166
Windows 2003 / Vista / 7 / 8 / 2008 / 2008 R2 / 2012 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1460 #167
Canon imageRunner 2530 | embedded | | printer | Canon |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #169
Planar Wallnet Video Controller | embedded | | specialized | Planar |  | stacks
  mss,sack,ts,nop,wscale window=16060 ttl=64 df=1 mss=1460 #170
Novell Netware | NetWare | | general purpose | Novell | cpe:/o:novell:netware | stacks
  mss,wscale,nop,sack,nop,nop window=6144 ttl=128 df=1 mss=1460 #171
Vbrick Video Systems | embedded | | media device | Vbrick |  | stacks
  mss,nop,wscale,nop,nop,ts window=8192 ttl=64 df=1 mss=1460 #172
Burk Plus-X 300 | embedded | | specialized | Burk |  | stacks
  mss window=1 ttl=128 df=0 mss=532 #174
Epson Stylus Pro Series | embedded | | printer | Epson |  | stacks
  mss,nop,wscale,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #177
Dell Laser Printers / Xerox Phaser Series | embedded | | printer | Dell |  | stacks
  - window=4096 ttl=64 df=0 mss=0 #179
Citrix Netscaler | NetScaler | | load balancer | Citrix | cpe:/o:citrix:netscaler | stacks
  mss window=8190 ttl=255 df=0 mss=1460 #186
  mss window=8190 ttl=255 df=1 mss=1460 #254
Dell 4322DS KVM Switch | embedded | | remote management | Dell |  | stacks
  mss,sack,ts,nop,wscale window=5632 ttl=64 df=1 mss=1420 #196
Netbotz Sensor Pod | embedded | | specialized | Netbotz |  | stacks
  - window=8192 ttl=64 df=0 mss=0 #199
Polycom VSX7000e | embedded | | media device | Polycom |  | stacks
  mss window=8192 ttl=32 df=0 mss=1442 #200
  mss window=8192 ttl=128 df=0 mss=1442 #301
  mss window=8192 ttl=32 df=0 mss=1442 #317
  mss window=8192 ttl=128 df=0 mss=1442 #406
  mss window=8192 ttl=32 df=0 mss=1442 #407
NexSAN GRIIDC | embedded | | storage-misc | NexSAN |  | stacks
  mss,ts,wscale window=65535 ttl=255 df=0 mss=1448 #204
Cisco MDS 9000 | Linux | | switch | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=0 mss=1460 #210
Schneider TAC Xenta 527-NPR Security Router | embedded | | router | Schneider |  | stacks
  mss window=0 ttl=64 df=0 mss=1460 #213
Spacesaver Powerlink | embedded | | specialized | Spacesaver |  | stacks
  mss,nop,nop,nop,nop window=1022 ttl=64 df=0 mss=1024 #216
OpenVMS | OpenVMS | | general purpose | HP | cpe:/o:hp:openvms | stacks
  mss,nop,wscale window=62780 ttl=128 df=0 mss=1460 #217
Digi One SP | embedded | | specialized | Digi |  | stacks
  mss window=8192 ttl=64 df=0 mss=536 #218
NetAPP Data ONTAP 7.3 / 8.2 | ONTAP | | storage-misc | NetApp | cpe:/o:netapp:data_ontap | stacks
  mss,nop,nop,sack,nop,wscale,nop,nop,ts window=8760 ttl=64 df=1 mss=1460 #219
Lexmark T520 | embedded | | printer | Lexmark |  | stacks
  mss,sack,ts,nop,wscale window=2896 ttl=255 df=1 mss=1460 #221
Panasonic WV-ST162 Network Camera | embedded | | webcam | Panasonic |  | stacks
  mss window=4096 ttl=64 df=0 mss=1460 #222
Enterasys Switch | embedded | | switch | Enterasys |  | stacks
  mss,nop,wscale window=10000 ttl=64 df=0 mss=1400 #223
Sharp MX-4111N | embedded | | printer | Sharp |  | stacks
  mss,nop,nop,sack window=3072 ttl=255 df=0 mss=1460 #224
HP Procurve / APC Embedded | embedded | | remote management | HP |  | stacks
  mss,nop,wscale,nop,nop,ts window=4344 ttl=64 df=1 mss=1460 #225
AVTech RoomAlert | embedded | | specialized | AVTech |  | stacks
  mss window=511 ttl=64 df=1 mss=1300 #228
Datamax W-Class 6208 Printer | embedded | | printer | Datamax |  | stacks
  mss window=4096 ttl=64 df=0 mss=536 #229
Liebert OpenComms Web Card | embedded | | power-device | Liebert |  | stacks
  - window=4380 ttl=64 df=0 mss=0 #230
Raritan Dominion KX III | embedded | | specialized | Raritan |  | stacks
  mss,nop,nop,sack,nop,wscale window=4380 ttl=64 df=1 mss=1300 #232
Sharp MX-M283N | embedded | | printer | Sharp |  | stacks
  mss,nop,nop,sack window=3072 ttl=255 df=0 mss=1460 #237
RS2 Technologies EP-1501 | embedded | | specialized | RS2 |  | stacks
  mss,sack,nop window=13140 ttl=64 df=0 mss=1460 #242
HP Procurve Switch | embedded | | switch | HP |  | stacks
  mss,nop,wscale,nop,nop,ts window=8192 ttl=64 df=0 mss=512 #245
SonicWALL | SonicOS | | firewall | SonicWall | cpe:/o:sonicwall:sonicos | stacks
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1436 #251
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #319
Solaris 9 / Solaris 10 | Solaris | | general purpose | Oracle | cpe:/o:oracle:solaris | stacks
  nop,nop,ts,mss,nop,wscale,nop,nop,sack window=49232 ttl=64 df=1 mss=1460 #256
  nop,nop,ts,mss,nop,wscale,nop,nop,sack window=49232 ttl=64 df=1 mss=1460 #364
PowerDSine Power View Pro | embedded | | specialized | PowerDSine |  | stacks
  - window=0 ttl=64 df=0 mss=0 #257
Polycom Soundpoint IP Telephone | embedded | | VoIP phone | Polycom |  | stacks
  mss window=8192 ttl=64 df=1 mss=1460 #261
AdTran Phone Manager | embedded | | VoIP phone | AdTran |  | stacks
  mss window=3500 ttl=255 df=0 mss=1460 #263
Windows XP / 2000 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=65535 ttl=128 df=0 mss=1460 #264
IrTrans LAN Controller | embedded | | specialized | IrTrans |  | stacks
  mss,wscale window=2048 ttl=64 df=0 mss=960 #265
FreeRTOS 7.4.2 | embedded | | specialized | FreeRTOS |  | stacks
  mss window=1072 ttl=255 df=0 mss=536 #266
Crestron RoomView | embedded | | media device | Crestron |  | stacks
  mss window=143 ttl=128 df=0 mss=532 #267
Xante Accel-a-Writer 4G | embedded | | printer | Xante |  | stacks
  mss window=4096 ttl=32 df=0 mss=1458 #268
AVTech RoomAlert / Lightware Matrix / Rockwell Automation | embedded | | specialized | AVTech |  | stacks
  mss window=511 ttl=64 df=1 mss=1024 #270
Canon D1300 Series | embedded | | printer | Canon |  | stacks
  mss window=11520 ttl=64 df=0 mss=1460 #272
IBM TS7700 Virtualization Engine | embedded | | storage-misc | IBM |  | stacks
  mss,nop,wscale,nop,nop,ts,sack window=65535 ttl=64 df=1 mss=1460 #276
Trend IQ3 Controller | embedded | | specialized | Trend |  | stacks
  mss window=16000 ttl=64 df=0 mss=1460 #278
ZOT Print Server | embedded | | printer | ZOT |  | stacks
  mss window=1460 ttl=32 df=0 mss=1460 #280
Polycom HDX 8000 HD | embedded | | media device | Polycom |  | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1300 #281
Windows Vista / 7 / 2008 / 2008 R2 / 2012 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1300 #284
Polycom RealPresence Server 4000 | embedded | | media device | Polycom |  | stacks
  mss,sack,ts,nop,wscale window=4344 ttl=64 df=1 mss=1300 #286
Cisco Meraki MX80 | Linux | | firewall | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1300 #289
GbE2c Ethernet Blade Switch | embedded | | switch | GbE2c |  | stacks
  mss window=8760 ttl=255 df=0 mss=536 #295
ITWatchDogs SuperGoose II | embedded | | power-device | ITWatchDogs |  | stacks
  mss window=1460 ttl=255 df=1 mss=1460 #297
Polycom ViewStation 4000 MP | embedded | | media device | Polycom |  | stacks
  mss window=23360 ttl=64 df=0 mss=536 #300
  mss window=23360 ttl=64 df=0 mss=536 #402
Tektronix TDS 3014 | embedded | | specialized | Tektronix |  | stacks
  - window=4096 ttl=32 df=0 mss=0 #303
ERF-Gateway | embedded | | specialized | ERF-Gateway |  | stacks
  mss window=5840 ttl=255 df=0 mss=1460 #306
Dell Switch / Enterasys Switch | embedded | | switch | Dell |  | stacks
  nop,nop,mss,sack,nop,wscale window=4096 ttl=64 df=0 mss=1460 #307
Buffalo LinkStation NAS | Linux | | storage-misc | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1350 #311
Canon imageRunner 2525 | embedded | | printer | Canon |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1350 #312
Zebra ZTC GX420t | embedded | | printer | Zebra |  | stacks
  mss,ts,nop,nop window=5840 ttl=64 df=0 mss=1460 #315
CentOS / Scientific Linux | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #320
VMWare ESXi | ESXi | | specialized | VMware | cpe:/o:vmware:esxi | stacks
  mss,nop,wscale,sack,ts window=65535 ttl=64 df=1 mss=1460 #322
Samsung M283 Printer | embedded | | printer | Samsung |  | stacks
  mss,nop,wscale window=4096 ttl=64 df=1 mss=1460 #324
Lexmark X500 Series | embedded | | printer | Lexmark |  | stacks
  mss,nop,nop,sack window=8192 ttl=128 df=0 mss=16384 #325
Canon MF5770 | embedded | | printer | Canon |  | stacks
  mss window=1460 ttl=255 df=0 mss=1460 #326
Schneider Sarix IP-Camera | embedded | | webcam | Schneider |  | stacks
  mss,sack,ts,nop,wscale window=4344 ttl=64 df=1 mss=1460 #327
Ubuntu / Debian | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=14480 ttl=64 df=1 mss=1400 #329
EMC Navisphere 6 | Windows | | storage-misc | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=64240 ttl=128 df=1 mss=1460 #331
3Com IntelliJack Gigabit Switch NJ2000 | embedded | | switch | 3Com |  | stacks
  mss window=1536 ttl=64 df=0 mss=1460 #333
Windows 2008 / 2008 R2 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=0 #334
AKCP sensorProbe2 | embedded | | specialized | AKCP |  | stacks
  mss window=8192 ttl=128 df=0 mss=1012 #337
Xerox Equitrac | Windows | | printer | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=32768 ttl=128 df=1 mss=1460 #338
Ubuntu / Debian / Redhat / CentOS / Embedded Unix | Linux | | general purpose | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #339
Digimerge Security DVR | embedded | | specialized | Digimerge |  | stacks
  mss window=32768 ttl=64 df=0 mss=1460 #342
HP Procurve 2900-48G Switch | embedded | | switch | HP |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=65535 ttl=64 df=1 mss=1460 #343
Canon IPF9100 | embedded | | printer | Canon |  | stacks
  mss window=512 ttl=255 df=0 mss=1460 #346
JetStor Raid Manager | embedded | | storage-misc | JetStor |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=0 mss=1460 #348
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=0 mss=1460 #349
Ricoh Aficio MP C2551 | embedded | | printer | Ricoh |  | stacks
  mss,nop,wscale,nop,nop,ts window=16384 ttl=64 df=1 mss=1460 #353
Campbell Scientific CR1000 Std 24 | embedded | | specialized | Campbell |  | stacks
  mss window=8192 ttl=64 df=0 mss=1456 #354
  mss window=8192 ttl=64 df=0 mss=1456 #358
Foscam IP Camera | embedded | | webcam | Foscam |  | stacks
  mss,sack,ts,nop,wscale window=1448 ttl=64 df=1 mss=1460 #355
Crestron Xpanel | embedded | | media device | Crestron |  | stacks
  mss window=16000 ttl=32 df=0 mss=1460 #359
Dell Laser Printers / Xerox WorkCentre Series | embedded | | printer | Dell |  | stacks
  nop,nop,mss,sack,nop,wscale window=10000 ttl=64 df=1 mss=1460 #365
WEB-TEMP Temperature Measurement Device | embedded | | specialized | WEB-TEMP |  | stacks
  mss window=200 ttl=128 df=0 mss=576 #367
Brother MFC-J5910 | embedded | | printer | Brother |  | stacks
  mss,nop,wscale,nop,nop,sack,nop,nop,ts window=8688 ttl=64 df=1 mss=1460 #371
Canon D460-490 | embedded | | printer | Canon |  | stacks
  mss,nop,wscale window=10000 ttl=64 df=0 mss=1460 #376
Windows 2000 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,nop,nop,ts,nop,nop,sack window=16560 ttl=128 df=1 mss=1380 #383
WD My Book | Linux | | storage-misc | Linux | cpe:/o:linux:linux_kernel | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1380 #388
Hickman ITV 450D | embedded | | specialized | Hickman |  | stacks
  mss,sack,ts,nop,wscale window=1460 ttl=64 df=1 mss=1460 #390
Cisco IP Phone CP-7965G | embedded | | VoIP phone | Cisco |  | stacks
  mss window=8192 ttl=64 df=0 mss=1400 #393
  mss window=8192 ttl=32 df=0 mss=1400 #394
Cisco IP Phone CP-7937G | embedded | | VoIP phone | Cisco |  | stacks
  mss window=8192 ttl=64 df=0 mss=1456 #395
Cisco Unified IP Phone CP-7965G | embedded | | VoIP phone | Cisco |  | stacks
  mss window=8192 ttl=64 df=0 mss=1340 #396
Ericsson RX-8000 | embedded | | specialized | Ericsson |  | stacks
  mss window=5840 ttl=64 df=0 mss=536 #403
AudioCodes Mediant Series | embedded | | specialized | AudioCodes |  | stacks
  mss,sack,ts,nop,wscale window=5792 ttl=64 df=1 mss=1460 #405
Polycom VSX7000a | embedded | | media device | Polycom |  | stacks
  mss window=8192 ttl=128 df=0 mss=1442 #408
Barix Exstreamer 1000 | embedded | | media device | Barix |  | stacks
  mss window=511 ttl=64 df=1 mss=1200 #412
Path1 VX8000 | embedded | | media device | Path1 |  | stacks
  mss,nop,wscale window=8192 ttl=64 df=0 mss=512 #413
VBrick Video Systems | embedded | | media device | VBrick |  | stacks
  mss,nop,wscale,nop,nop,ts window=8192 ttl=64 df=1 mss=1460 #414
Windows Vista / 7 / 2008 / 2008 R2 | Windows | | general purpose | Microsoft | cpe:/o:microsoft:windows | stacks
  mss,nop,wscale,sack,ts window=8192 ttl=128 df=1 mss=1380 #415
Cisco C360 / Xerox ColorQube Series | embedded | | printer | Cisco |  | stacks
  mss,nop,wscale,sack,ts window=16384 ttl=64 df=1 mss=1380 #417
D-Link DCS-910 | embedded | | webcam | D-Link |  | stacks
  mss window=5840 ttl=64 df=0 mss=1460 #419
`;
