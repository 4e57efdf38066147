package main

import (
	"fmt"

	ics23 "github.com/cosmos/ics23/go"
)

type stateProof struct {
	Kind, Root, Key, Value, Proof, Mutation, Expect string
	Ours                                            bool
}

// libraryAccepts treats a panic inside the library as a refusal, and counts it.
func libraryAccepts(p stateProof, panics *int) (accepted bool) {
	defer func() {
		if recover() != nil {
			*panics++
			accepted = false
		}
	}()
	var proof ics23.CommitmentProof
	if err := proof.Unmarshal(fromHex(p.Proof)); err != nil {
		return false
	}
	root, key := fromHex(p.Root), fromHex(p.Key)
	if p.Kind == "exist" {
		return ics23.VerifyMembership(ics23.SmtSpec, root, &proof, key, fromHex(p.Value))
	}
	return ics23.VerifyNonMembership(ics23.SmtSpec, root, &proof, key)
}

func judgeStateProofs(path string) *tally {
	t := &tally{name: "go cosmos/ics23 v0.11.0"}
	good, bad, oursOnly, panics := 0, 0, 0, 0
	eachLine(path, func(p stateProof) {
		accepted := libraryAccepts(p, &panics)
		switch p.Expect {
		case "accept":
			good++
			t.check(accepted && p.Ours, "a good proof (%s): library %v, ours %v", p.Kind, accepted, p.Ours)
		case "refuse":
			bad++
			t.check(!accepted && !p.Ours, "mutation %s of %s: library %v, ours %v", p.Mutation, p.Kind, accepted, p.Ours)
		default: // Known to differ; the library must keep its side, so that the list stays true.
			oursOnly++
			t.check(accepted != p.Ours, "%s: library %v, ours %v", p.Mutation, accepted, p.Ours)
		}
	})
	t.check(good >= 300 && bad >= 10000, "too few proofs: %d good, %d mutated", good, bad)
	fmt.Printf("go cosmos/ics23: %d good, %d mutated, %d differ by design, %d panics\n",
		good, bad, oursOnly, panics)
	return t
}
