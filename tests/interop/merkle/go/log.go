package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type logProof struct {
	Kind        string
	Index, Size int64
	OldSize     int64 `json:"old_size"`
	Root, Leaf  string
	OldRoot     string `json:"old_root"`
	Proof       []string
	Good        bool
}

func judgeLogProofs(path string) *tally {
	t := &tally{name: "go x/mod tlog, our proofs"}
	eachLine(path, func(p logProof) {
		var hashes []tlog.Hash
		for _, hash := range p.Proof {
			hashes = append(hashes, tlog.Hash(fromHex(hash)))
		}
		root := tlog.Hash(fromHex(p.Root))
		var err error
		if p.Kind == "inclusion" {
			err = tlog.CheckRecord(hashes, p.Size, root, p.Index, tlog.Hash(fromHex(p.Leaf)))
		} else {
			err = tlog.CheckTree(hashes, p.Size, root, p.OldSize, tlog.Hash(fromHex(p.OldRoot)))
		}
		t.check((err == nil) == p.Good, "%+v: %v", p, err)
	})
	return t
}

// tileFiles reads tiles of height 8 from a directory of tlog-tiles, whose paths leave the height out.
type tileFiles struct {
	root  string
	spoil bool
}

func (f tileFiles) Height() int { return 8 }

func (f tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, err := os.ReadFile(filepath.Join(f.root, path))
		if err != nil {
			return nil, err
		}
		if f.spoil {
			content = flipped(content, len(content)/2)
		}
		all = append(all, content)
	}
	return all, nil
}

func (f tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func judgeTiles(folder string) *tally {
	t := &tally{name: "go x/mod note and tlog, our tiles"}
	log := filepath.Join(folder, "log")
	key, err := os.ReadFile(filepath.Join(folder, "log_key"))
	exitOn(err)
	verifier, err := note.NewVerifier(string(key))
	t.check(err == nil, "verifier key: %v", err)
	raw, err := os.ReadFile(filepath.Join(log, "checkpoint"))
	exitOn(err)
	opened, err := note.Open(raw, note.VerifierList(verifier))
	t.check(err == nil && len(opened.Sigs) == 1 && len(opened.UnverifiedSigs) == 3, "note.Open: %v", err)
	_, err = note.Open(flipped(raw, 3), note.VerifierList(verifier))
	t.check(err != nil, "note.Open took a changed text")

	size, root, err := checkpointRoot(opened.Text)
	exitOn(err)
	tree := tlog.Tree{N: size, Hash: tlog.Hash(root)}
	reader := tlog.TileHashReader(tree, tileFiles{root: log})
	hash, err := tlog.TreeHash(size, reader)
	t.check(err == nil && hash == tree.Hash, "tree hash from tiles: %v", err)
	for _, index := range []int64{0, 1, 255, 256, 65535, 65536, size - 1} {
		proof, err := tlog.ProveRecord(size, index, reader)
		t.check(err == nil, "prove record %d: %v", index, err)
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		t.check(err == nil && tlog.CheckRecord(proof, size, tree.Hash, index, leaf[0]) == nil, "record %d: %v", index, err)
	}
	for _, old := range []int64{1, 256, 65536, size - 1} {
		oldHash, err := tlog.TreeHash(old, reader)
		t.check(err == nil, "old tree %d: %v", old, err)
		proof, err := tlog.ProveTree(size, old, reader)
		t.check(err == nil && tlog.CheckTree(proof, size, tree.Hash, old, oldHash) == nil, "tree %d: %v", old, err)
	}
	spoiled := tlog.TileHashReader(tree, tileFiles{root: log, spoil: true})
	_, err = spoiled.ReadHashes([]int64{tlog.StoredHashIndex(0, 12345)})
	t.check(err != nil, "the tile reader took changed tiles")
	return t
}

// files serves the log to fsck, one path changed when asked for.
type files struct {
	client.FileFetcher
	spoilTile, spoilBundle bool
}

func (f files) ReadTile(ctx context.Context, level, index uint64, partial uint8) ([]byte, error) {
	content, err := f.FileFetcher.ReadTile(ctx, level, index, partial)
	if err == nil && f.spoilTile && level == 0 && index == 100 {
		content = flipped(content, 77)
	}
	return content, err
}

func (f files) ReadEntryBundle(ctx context.Context, index uint64, partial uint8) ([]byte, error) {
	content, err := f.FileFetcher.ReadEntryBundle(ctx, index, partial)
	if err == nil && f.spoilBundle && index == 100 {
		content = flipped(content, 77)
	}
	return content, err
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}

func judgeWithFsck(folder string) *tally {
	t := &tally{name: "go tessera v1.0.4 fsck"}
	key, err := os.ReadFile(filepath.Join(folder, "log_key"))
	exitOn(err)
	verifier, err := note.NewVerifier(string(key))
	exitOn(err)
	run := func(tile, bundle bool) error {
		source := files{client.FileFetcher{Root: filepath.Join(folder, "log")}, tile, bundle}
		// Each mismatch ends one of its workers, and without workers it would wait for ever.
		return fsck.New(verifier.Name(), verifier, source, leafHashes, fsck.Opts{N: 8}).Check(context.Background())
	}
	err = run(false, false)
	t.check(err == nil, "the log: %v", err)
	t.check(run(true, false) != nil, "fsck took a changed tile")
	t.check(run(false, true) != nil, "fsck took a changed entry")
	if t.failed == 0 {
		fmt.Println("go tessera fsck: the whole log agrees with its checkpoint")
	}
	return t
}
