// Judges the files of merkle_interop_vectors with code that is not Chancery's: cosmos/ics23 for state proofs, the tlog
// and note packages of golang.org/x/mod for proofs, tiles and the checkpoint, Tessera's fsck for the whole log.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type tally struct {
	name           string
	passed, failed int
}

func (t *tally) check(ok bool, format string, args ...any) {
	if ok {
		t.passed++
		return
	}
	t.failed++
	if t.failed <= 10 {
		fmt.Printf("FAILED %s: %s\n", t.name, fmt.Sprintf(format, args...))
	}
}

func (t *tally) print() { fmt.Printf("%s: %d passed, %d failed\n", t.name, t.passed, t.failed) }

// eachLine decodes every line of a JSON-lines file into a fresh T.
func eachLine[T any](path string, judge func(T)) {
	file, err := os.Open(path)
	exitOn(err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var value T
		exitOn(json.Unmarshal(lines.Bytes(), &value))
		judge(value)
	}
	exitOn(lines.Err())
}

func fromHex(text string) []byte {
	value, err := hex.DecodeString(text)
	exitOn(err)
	return value
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func main() {
	folder := flag.String("vectors", "", "folder that merkle_interop_vectors wrote")
	flag.Parse()
	tallies := []*tally{
		judgeStateProofs(filepath.Join(*folder, "ics23.jsonl")),
		judgeLogProofs(filepath.Join(*folder, "log_proofs.jsonl")),
		judgeTiles(*folder),
		judgeWithFsck(*folder),
	}
	total := tally{name: "go"}
	for _, t := range tallies {
		t.print()
		total.passed += t.passed
		total.failed += t.failed
	}
	total.print()
	if total.failed > 0 {
		os.Exit(1)
	}
}

// checkpointRoot reads the second and third line of a checkpoint's text.
func checkpointRoot(text string) (size int64, root []byte, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return 0, nil, fmt.Errorf("short checkpoint")
	}
	if _, err = fmt.Sscanf(lines[1], "%d", &size); err != nil {
		return 0, nil, err
	}
	root, err = base64.StdEncoding.DecodeString(lines[2])
	return size, root, err
}

func flipped(content []byte, at int) []byte {
	changed := bytes.Clone(content)
	changed[at%len(changed)] ^= 1
	return changed
}
