// What CometBFT gives to an application that takes one signed transaction at a time: four validators on this machine, each
// with an application of its own behind a Unix socket; a transaction of 250 bytes has one Ed25519 signature, which is checked in
// CheckTx and again in the block. Prints the transactions a second that became part of blocks.
//
//	cometbft_signed PROGRAM DIRECTORY SECONDS
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cometbft/cometbft/abci/server"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/types"
)

const (
	validators     = 4
	transaction    = 250
	perRequest     = 100
	clientsPerNode = 4
	signedAhead    = 6000 // a second; well above what is reached
)

// An application that counts. Transaction: public key (32), signature (64) over the rest, 154 bytes.
type signedApp struct {
	abci.BaseApplication
	height int64
	count  atomic.Int64
}

func valid(tx []byte) bool {
	return len(tx) == transaction && ed25519.Verify(tx[:32], tx[96:], tx[32:96])
}

func (app *signedApp) CheckTx(_ context.Context, request *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	if !valid(request.Tx) {
		return &abci.ResponseCheckTx{Code: 1}, nil
	}
	return &abci.ResponseCheckTx{}, nil
}

func (app *signedApp) FinalizeBlock(_ context.Context, request *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	results := make([]*abci.ExecTxResult, len(request.Txs))
	for i, tx := range request.Txs {
		results[i] = &abci.ExecTxResult{}
		if valid(tx) {
			app.count.Add(1)
		} else {
			results[i].Code = 1
		}
	}
	app.height = request.Height
	hash := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(app.count.Load())))
	return &abci.ResponseFinalizeBlock{TxResults: results, AppHash: hash[:]}, nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "cometbft_signed:", err)
		os.Exit(1)
	}
}

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

type node struct {
	conf *config.Config
	app  *signedApp
	rpc  int
}

// The same settings as Chancery's own engines, where they have an effect here.
func makeNodes(directory string) []node {
	var nodes []node
	var peers []string
	genesis := types.GenesisDoc{ChainID: "peer", GenesisTime: time.Now(), ConsensusParams: types.DefaultConsensusParams()}
	genesis.ConsensusParams.Block.MaxBytes = 8 << 20
	for i := 0; i < validators; i++ {
		conf := config.DefaultConfig()
		conf.SetRoot(filepath.Join(directory, fmt.Sprintf("node%d", i)))
		config.EnsureRoot(conf.RootDir)
		key := privval.LoadOrGenFilePV(conf.PrivValidatorKeyFile(), conf.PrivValidatorStateFile())
		public, err := key.GetPubKey()
		must(err)
		genesis.Validators = append(genesis.Validators, types.GenesisValidator{PubKey: public, Power: 1, Address: public.Address()})
		nodeKey, err := p2p.LoadOrGenNodeKey(conf.NodeKeyFile())
		must(err)
		port, rpc := freePort(), freePort()
		peers = append(peers, fmt.Sprintf("%s@127.0.0.1:%d", nodeKey.ID(), port))
		conf.ProxyApp = "unix://" + filepath.Join(conf.RootDir, "abci.sock")
		conf.P2P.ListenAddress = fmt.Sprintf("tcp://127.0.0.1:%d", port)
		conf.P2P.AddrBookStrict, conf.P2P.AllowDuplicateIP, conf.P2P.PexReactor = false, true, false
		conf.P2P.SendRate, conf.P2P.RecvRate = 100<<20, 100<<20
		conf.RPC.ListenAddress = fmt.Sprintf("tcp://127.0.0.1:%d", rpc)
		conf.RPC.MaxRequestBatchSize = perRequest
		conf.Mempool.Size, conf.Mempool.CacheSize, conf.Mempool.Recheck = 20000, 40000, false
		conf.Consensus.TimeoutCommit = 100 * time.Millisecond
		conf.TxIndex.Indexer, conf.LogLevel = "null", "error"
		nodes = append(nodes, node{conf: conf, app: &signedApp{}, rpc: rpc})
	}
	for _, one := range nodes {
		one.conf.P2P.PersistentPeers = strings.Join(peers, ",")
		config.WriteConfigFile(filepath.Join(one.conf.RootDir, "config/config.toml"), one.conf)
		must(genesis.SaveAs(one.conf.GenesisFile()))
	}
	return nodes
}

func signed(count int) []string {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	requests := make([]string, 0, count/perRequest)
	for len(requests) < count/perRequest {
		var body strings.Builder
		body.WriteByte('[')
		for i := 0; i < perRequest; i++ {
			tx := make([]byte, transaction)
			_, err := rand.Read(tx[96:])
			must(err)
			copy(tx, public)
			copy(tx[32:], ed25519.Sign(private, tx[96:]))
			if i > 0 {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"jsonrpc":"2.0","id":%d,"method":"broadcast_tx_sync","params":{"tx":"%s"}}`, i,
				base64.StdEncoding.EncodeToString(tx))
		}
		body.WriteByte(']')
		requests = append(requests, body.String())
	}
	return requests
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: cometbft_signed PROGRAM DIRECTORY SECONDS")
		os.Exit(2)
	}
	program, directory := os.Args[1], os.Args[2]
	seconds, err := strconv.Atoi(os.Args[3])
	must(err)
	nodes := makeNodes(directory)
	var processes []*exec.Cmd
	for _, one := range nodes {
		socket := server.NewSocketServer(one.conf.ProxyApp, one.app)
		must(socket.Start())
		process := exec.Command(program, "start", "--home", one.conf.RootDir)
		process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		must(process.Start())
		processes = append(processes, process)
	}
	defer func() {
		for _, process := range processes {
			_ = process.Process.Kill()
		}
	}()
	requests := make(chan string, seconds*signedAhead/perRequest)
	for _, request := range signed(seconds * signedAhead) {
		requests <- request
	}
	close(requests)
	for _, one := range nodes {
		for tries := 0; ; tries++ {
			answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/block?height=2", one.rpc))
			if err == nil {
				answer.Body.Close()
				if answer.StatusCode == http.StatusOK {
					break
				}
			}
			if tries > 300 {
				must(fmt.Errorf("the nodes do not start"))
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	ending := time.Now().Add(time.Duration(seconds) * time.Second)
	var clients sync.WaitGroup
	begin, before := time.Now(), nodes[0].app.count.Load()
	for _, one := range nodes {
		for i := 0; i < clientsPerNode; i++ {
			clients.Add(1)
			go func() {
				defer clients.Done()
				for request := range requests {
					if time.Now().After(ending) {
						return
					}
					answer, err := http.Post(fmt.Sprintf("http://127.0.0.1:%d", one.rpc), "application/json", strings.NewReader(request))
					if err != nil {
						continue
					}
					answer.Body.Close()
				}
			}()
		}
	}
	time.Sleep(time.Until(ending))
	done := nodes[0].app.count.Load() - before
	elapsed := time.Since(begin).Seconds()
	clients.Wait()
	fmt.Printf("%.0f\n", float64(done)/elapsed)
}
