// A git or CI host on x/crypto, as CircleCI, Gitea and gitlab-sshd are.
//
// It prints "listening PORT" on standard output, then a line for each key that is put to it on standard error.
// With -relay ADDRESS it is no server but a pipe from standard input and output to that address.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

var (
	listen   = flag.String("listen", "127.0.0.1:0", "address to listen at")
	hostKeys = flag.String("host-keys", "", "files of host keys, with commas between them")
	users    = flag.String("users", "", "user names that are let in, with commas between them; none: all")
	keys     = flag.String("keys", "", "authorized_keys; a key's comment is the account it belongs to")
	anyKey   = flag.Bool("any-key", false, "accept any key")
	version  = flag.String("version", "SSH-2.0-Go", "version string")
	tries    = flag.Int("tries", 6, "refused keys before the line is cut")
	banner   = flag.String("banner", "", "file with the text sent before authentication")
	greeting = flag.String("greeting", "", "text after login; {} is the account")
	greetOut = flag.Bool("greet-on-stdout", false, "greet on standard output instead of standard error")
	status   = flag.Int("status", 0, "exit status of a session")
	requests = flag.String("requests", "", "file that gets a line for each channel and each request")
	slowAuth = flag.Bool("hang-in-auth", false, "never answer a key")
	slowOpen = flag.Bool("hang-in-session", false, "never greet")
	relay    = flag.String("relay", "", "address to pipe to")
	refusal  = flag.String("refuse-session", "", "text with which each session is refused")
	global   = flag.String("global-request", "", "name of a request about nothing, sent after the login")
	inner    = flag.String("channel-request", "", "the same, of a session")
)

func main() {
	flag.Parse()
	if *relay != "" {
		pipe(*relay)
		return
	}
	serve()
}

func pipe(address string) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		io.Copy(connection, os.Stdin)
		connection.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(os.Stdout, connection)
}

func serve() {
	config := &ssh.ServerConfig{ServerVersion: *version, MaxAuthTries: *tries, PublicKeyCallback: decide}
	if *banner != "" {
		text := read(*banner)
		config.BannerCallback = func(ssh.ConnMetadata) string { return string(text) }
	}
	for _, file := range strings.Split(*hostKeys, ",") {
		signer, err := ssh.ParsePrivateKey(read(file))
		if err != nil {
			log.Fatalf("%s: %v", file, err)
		}
		config.AddHostKey(signer)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening %d\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go handle(connection, config)
	}
}

func read(file string) []byte {
	content, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return content
}

func decide(connection ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	if *slowAuth {
		time.Sleep(time.Hour)
	}
	account, known := account(key)
	allowed := *users == ""
	for _, user := range strings.Split(*users, ",") {
		allowed = allowed || user == connection.User()
	}
	reply := "refused"
	if allowed && known {
		reply = "accepted"
	}
	log.Printf("key %s of user %s: %s", ssh.FingerprintSHA256(key), connection.User(), reply)
	if reply == "refused" {
		return nil, fmt.Errorf("refused")
	}
	return &ssh.Permissions{Extensions: map[string]string{"account": account}}, nil
}

// account tells whom a key belongs to, by the list read anew each time.
func account(wanted ssh.PublicKey) (string, bool) {
	if *keys != "" {
		rest := read(*keys)
		for len(bytes.TrimSpace(rest)) > 0 {
			key, comment, _, more, err := ssh.ParseAuthorizedKey(rest)
			if err != nil {
				break
			}
			if bytes.Equal(key.Marshal(), wanted.Marshal()) {
				return comment, true
			}
			rest = more
		}
	}
	return "anonymous", *anyKey
}

func handle(raw net.Conn, config *ssh.ServerConfig) {
	defer raw.Close()
	log.Printf("connection from %s", raw.RemoteAddr())
	connection, channels, requested, err := ssh.NewServerConn(raw, config)
	if err != nil {
		log.Printf("no login: %v", err)
		return
	}
	name := connection.Permissions.Extensions["account"]
	log.Printf("login of %s by user %s", name, connection.User())
	if *global != "" {
		connection.SendRequest(*global, false, nil)
	}
	go func() {
		for request := range requested {
			if request.Type != "keepalive@openssh.com" && request.Type != "no-more-sessions@openssh.com" {
				note(request.Type)
			}
			if request.WantReply {
				request.Reply(false, nil)
			}
		}
	}()
	for offered := range channels {
		if offered.ChannelType() != "session" {
			note("channel " + offered.ChannelType())
			offered.Reject(ssh.UnknownChannelType, "not here")
			continue
		}
		if *refusal != "" {
			offered.Reject(ssh.Prohibited, *refusal)
			continue
		}
		channel, asked, err := offered.Accept()
		if err != nil {
			return
		}
		go session(channel, asked, name)
	}
}

func session(channel ssh.Channel, asked <-chan *ssh.Request, name string) {
	defer channel.Close()
	for request := range asked {
		start := request.Type == "shell" || request.Type == "exec" || request.Type == "subsystem"
		words := ""
		if start && len(request.Payload) > 4 {
			words = " " + string(request.Payload[4:])
		}
		if request.Type != "env" {
			note(request.Type + words)
		}
		if request.WantReply {
			request.Reply(start, nil)
		}
		if !start {
			continue
		}
		if *inner != "" {
			channel.SendRequest(*inner, false, nil)
		}
		if *slowOpen {
			time.Sleep(time.Hour)
		}
		var out io.Writer = channel.Stderr()
		if *greetOut {
			out = channel
		}
		io.WriteString(out, strings.ReplaceAll(*greeting, "{}", name))
		channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(*status)}))
		return
	}
}

var noting sync.Mutex

func note(line string) {
	log.Printf("request %s", line)
	if *requests == "" {
		return
	}
	noting.Lock()
	defer noting.Unlock()
	file, err := os.OpenFile(*requests, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fmt.Fprintln(file, line)
}
