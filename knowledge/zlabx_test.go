package knowledge

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"docent/knowledge/library"
)

func TestZLabX(t *testing.T) {
	if os.Getenv("ZQ") == "" {
		t.Skip()
	}
	b, err := Open([]Library{{FS: library.FS(), Name: "library"}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sr := b.now.Load().search
	from, to := sr.scope("")
	for _, q := range strings.Split(os.Getenv("ZQ"), "|") {
		w := sr.worker()
		o := sr.understand(w, q, from, to)
		r := sr.result(w, &o, from, to)
		g := w.signals[0]
		fmt.Printf("%s\n  %s %.3f notHere %.3f nearest %.3f signal %.3f pieceAny %.3f ruledOut %.3f ask %.3f\n", q, r.Matches[0].Ref.Section, r.Matches[0].Score, o.notHere, g[sNearest], g[sNotHere], g[fPieceAny], ruledOut(&g), g[fMeanAsk])
	}
}
