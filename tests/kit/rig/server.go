// A server as a CI might run: Go's x/crypto, public keys alone. It says which keys it was shown, and who logs in.
package main

import (
	"fmt"
	"io/ioutil"
	"log"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"
)

func main() {
	address, hostKey, authorized := os.Args[1], os.Args[2], os.Args[3]
	tries, _ := strconv.Atoi(os.Args[4])
	known := map[string]bool{}
	rest, _ := ioutil.ReadFile(authorized)
	for len(strings.TrimSpace(string(rest))) > 0 {
		key, _, _, after, err := ssh.ParseAuthorizedKey(rest)
		if err != nil {
			log.Fatal(err)
		}
		known[string(key.Marshal())] = true
		rest = after
	}
	config := &ssh.ServerConfig{
		MaxAuthTries: tries,
		PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if len(os.Args) > 5 || known[string(key.Marshal())] {
				return nil, nil
			}
			return nil, fmt.Errorf("unknown key")
		},
	}
	private, err := ioutil.ReadFile(hostKey)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(private)
	if err != nil {
		log.Fatal(err)
	}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		stream, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			if _, _, _, err := ssh.NewServerConn(stream, config); err == nil {
				log.Print("LOGIN")
			}
			stream.Close()
		}()
	}
}
