// A server that does the key exchange as it should, and then does not stop, or does nothing more.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"flag"
	"fmt"
	"net"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/crypto/ssh"
)

//go:linkname writePacket golang.org/x/crypto/ssh.(*handshakeTransport).writePacket
func writePacket(transport unsafe.Pointer, packet []byte) error

// The transport is the first field of what stands behind the interface.
func transport(conn ssh.ConnMetadata) unsafe.Pointer {
	data := (*[2]unsafe.Pointer)(unsafe.Pointer(&conn))[1]
	return *(*unsafe.Pointer)(data)
}

func text(words string) []byte {
	length := len(words)
	return append([]byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)}, words...)
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

func main() {
	manner := flag.String("manner", "silence", "banners, remarks, requests, ignored, drips, mute, silence, slow or yes")
	flag.Parse()
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		panic(err)
	}
	words := ""
	for len(words) < 4000 {
		words += "not the end yet "
	}
	packets := map[string][]byte{
		// SSH_MSG_USERAUTH_BANNER, SSH_MSG_DEBUG, SSH_MSG_GLOBAL_REQUEST, SSH_MSG_IGNORE
		"banners":  join([]byte{53}, text(words+"\n"), text("")),
		"remarks":  join([]byte{4, 1}, text(words[:800]), text("")),
		"requests": join([]byte{80}, text("keepalive@example.com"), []byte{0}, []byte(words)),
		"ignored":  join([]byte{2}, text(words)),
		// One now and then, so that no wait for a packet is ever long.
		"drips": join([]byte{53}, text("not the end yet\n"), text("")),
	}
	var offered int32
	config := &ssh.ServerConfig{MaxAuthTries: -1}
	config.PublicKeyCallback = func(conn ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if packet, floods := packets[*manner]; floods {
			for writePacket(transport(conn), append([]byte(nil), packet...)) == nil {
				if *manner == "drips" {
					time.Sleep(150 * time.Millisecond)
				}
			}
		}
		if *manner == "yes" {
			// But not to the first: who takes every key is not asked about all.
			if atomic.AddInt32(&offered, 1) == 1 {
				return nil, fmt.Errorf("no")
			}
			return nil, nil
		}
		if *manner == "silence" {
			time.Sleep(time.Hour)
		}
		time.Sleep(1500 * time.Millisecond)
		return nil, fmt.Errorf("no")
	}
	// Asked for once the keys are exchanged, before anything is said of a login.
	config.BannerCallback = func(conn ssh.ConnMetadata) string {
		if *manner == "mute" {
			time.Sleep(time.Hour)
		}
		return ""
	}
	// Heard before the client is told that it is in.
	config.AuthLogCallback = func(conn ssh.ConnMetadata, method string, err error) {
		if err == nil {
			time.Sleep(time.Hour)
		}
	}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	code := base64.StdEncoding.EncodeToString(signer.PublicKey().Marshal())
	fmt.Printf("listening %d ssh-ed25519 %s\n", listener.Addr().(*net.TCPAddr).Port, code)
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			ssh.NewServerConn(conn, config)
			conn.Close()
		}()
	}
}
