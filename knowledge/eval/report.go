package eval

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// A Report sums up the answers to a set of questions.
type Report struct {
	Questions   int                       `json:"questions"`
	Answerable  int                       `json:"answerable"`
	R1          float64                   `json:"r1"`          // share of answerable questions whose first match is right
	R3          float64                   `json:"r3"`          // ... with a right one among the first three
	MRR10       float64                   `json:"mrr10"`       // mean reciprocal rank of the first right one among ten
	AUROC       float64                   `json:"auroc"`       // how well the first score tells answerable questions from others
	RightAt90   float64                   `json:"rightAt90"`   // share answered and right when 90% of the others are refused
	Calibration float64                   `json:"calibration"` // expected error of the first score, over ten equal bins
	Table       map[string]map[string]int `json:"verdicts"`    // kind of question -> outcome -> number
	Led         int                       `json:"led"`         // first matches that are right, of questions with known answers
	Lead        float64                   `json:"lead"`        // share of those whose lead contains the answer
	FollowUps   Turns                     `json:"followUps"`   // answerable questions that need their history,
	StandAlone  Turns                     `json:"standAlone"`  // and those that have one and do not need it
	P50, P99    int64                     // microseconds
}

// Turns compares answers with and without the history of a conversation.
type Turns struct {
	N     int     `json:"n"`
	R1    float64 `json:"r1"`    // with the history
	Alone float64 `json:"alone"` // without it
}

func (t *Turns) count(a *Answer) {
	t.N++
	if a.right(0) {
		t.R1++
	}
	if a.alone {
		t.Alone++
	}
}

func (t *Turns) close() {
	if t.N > 0 {
		t.R1, t.Alone = t.R1/float64(t.N), t.Alone/float64(t.N)
	}
}

// outcomes are the columns of the table: right, offered among the suggestions, wrong, silent.
var outcomes = [...]string{"right", "offered", "wrong", "silent"}

// Sum makes the Report of answers.
func Sum(answers []Answer) Report {
	r := Report{Questions: len(answers), Table: map[string]map[string]int{}}
	var in, out, times []float64
	var rights []bool
	for i := range answers {
		a := &answers[i]
		r.count(a)
		times = append(times, float64(a.Micros))
		if len(a.q.Relevant) == 0 {
			out = append(out, a.score())
			continue
		}
		in, rights = append(in, a.score()), append(rights, a.right(0))
		r.rank(a)
	}
	if n := float64(r.Answerable); n > 0 {
		r.R1, r.R3, r.MRR10 = r.R1/n, r.R3/n, r.MRR10/n
	}
	if r.Led > 0 {
		r.Lead /= float64(r.Led)
	}
	r.FollowUps.close()
	r.StandAlone.close()
	r.AUROC = auroc(in, out)
	r.RightAt90 = rightAt(in, rights, out, 0.9)
	r.Calibration = calibration(answers)
	slices.Sort(times)
	if n := len(times); n > 0 {
		r.P50, r.P99 = int64(times[n/2]), int64(times[n*99/100])
	}
	return r
}

func (r *Report) rank(a *Answer) {
	r.Answerable++
	if a.q.Needs != nil && len(a.q.History) > 0 {
		if *a.q.Needs {
			r.FollowUps.count(a)
		} else {
			r.StandAlone.count(a)
		}
	}
	if len(a.q.Answers) > 0 && a.right(0) {
		r.Led++
		if a.lead {
			r.Lead++
		}
	}
	for k := range min(10, len(a.Matches)) {
		if !a.right(k) {
			continue
		}
		if k == 0 {
			r.R1++
		}
		if k < 3 {
			r.R3++
		}
		r.MRR10 += 1 / float64(k+1)
		return
	}
}

// count puts an answer into the table.
func (r *Report) count(a *Answer) {
	kind := a.q.Kind
	if r.Table[kind] == nil {
		r.Table[kind] = map[string]int{}
	}
	column := "silent"
	near := a.right(0) || a.right(1) || a.right(2)
	switch {
	case a.Verdict == "sure" && a.right(0):
		column = "right"
	case a.Verdict == "sure", a.Verdict == "unsure" && len(a.q.Relevant) > 0 && !near:
		column = "wrong"
	case a.Verdict == "unsure":
		column = "offered"
	}
	r.Table[kind][column]++
}

func auroc(in, out []float64) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0
	}
	wins := 0.0
	sorted := slices.Sorted(slices.Values(out))
	for _, v := range in {
		lo, _ := slices.BinarySearch(sorted, v)
		hi := lo
		for hi < len(sorted) && sorted[hi] == v {
			hi++
		}
		wins += float64(lo) + float64(hi-lo)/2
	}
	return wins / float64(len(in)) / float64(len(out))
}

func rightAt(in []float64, rights []bool, out []float64, refuse float64) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(out))
	limit := sorted[min(len(sorted)-1, int(refuse*float64(len(sorted))))]
	n := 0
	for i, v := range in {
		if v > limit && rights[i] {
			n++
		}
	}
	return float64(n) / float64(len(in))
}

func calibration(answers []Answer) float64 {
	var n, sure, right [10]float64
	for i := range answers {
		a := &answers[i]
		k := min(9, int(a.score()*10))
		n[k]++
		sure[k] += a.score()
		if a.right(0) {
			right[k]++
		}
	}
	sum := 0.0
	for k := range n {
		sum += math.Abs(sure[k] - right[k])
	}
	return sum / float64(max(1, len(answers)))
}

// Write prints the report for people. Speed is left out where times is false, so that a golden file stays the same.
func (r Report) Write(w io.Writer, times bool) {
	fmt.Fprintf(w, "questions %d, answerable %d\n", r.Questions, r.Answerable)
	fmt.Fprintf(w, "R@1 %.3f  R@3 %.3f  MRR@10 %.3f\n", r.R1, r.R3, r.MRR10)
	fmt.Fprintf(w, "AUROC %.3f  right@90 %.3f  calibration error %.3f\n", r.AUROC, r.RightAt90, r.Calibration)
	if r.Led > 0 {
		fmt.Fprintf(w, "lead sentence right %.3f of %d\n", r.Lead, r.Led)
	}
	if r.FollowUps.N+r.StandAlone.N > 0 {
		fmt.Fprintf(w, "turns that need history %d: R@1 %.3f, without it %.3f; stand-alone turns %d: R@1 %.3f, without it %.3f\n",
			r.FollowUps.N, r.FollowUps.R1, r.FollowUps.Alone, r.StandAlone.N, r.StandAlone.R1, r.StandAlone.Alone)
	}
	if times {
		fmt.Fprintf(w, "Find p50 %.2f ms, p99 %.2f ms\n", float64(r.P50)/1000, float64(r.P99)/1000)
	}
	fmt.Fprintf(w, "\n%-12s %7s %7s %7s %7s\n", "kind", outcomes[0], outcomes[1], outcomes[2], outcomes[3])
	kinds := make([]string, 0, len(r.Table))
	for k := range r.Table {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		t := r.Table[k]
		fmt.Fprintf(w, "%-12s %7d %7d %7d %7d\n", k, t[outcomes[0]], t[outcomes[1]], t[outcomes[2]], t[outcomes[3]])
	}
}
