package knowledge

import "docent/knowledge/encoder"

// A network turns what was measured into one number: a weighted sum of its inputs, and of the outputs of a layer of
// units that bend (x/(1+|x|)). There is nothing but sums, products and quotients in it, each rounded by itself, so that
// it gives the same number on every processor.
type network struct {
	Mean   []float64   `json:"mean"`   // of the inputs,
	Scale  []float64   `json:"scale"`  // and their standard deviations: each input is brought to a common scale first
	Hidden [][]float64 `json:"hidden"` // a row a unit: a weight an input, then the unit's bias
	Out    []float64   `json:"out"`    // a weight a unit
	Direct []float64   `json:"direct"` // a weight an input
	Bias   float64     `json:"bias"`

	inputs, units int       // in rows of a batch
	hidden        []float32 // a row a unit: a weight an input, for inputs as they come
	out           []float32 // four rows, of which one counts: a weight an input and a unit
}

// fits reports whether the network is whole and takes n inputs.
func (n *network) fits(inputs int) bool {
	ok := len(n.Mean) == inputs && len(n.Scale) == inputs && len(n.Direct) == inputs && len(n.Out) == len(n.Hidden)
	for _, h := range n.Hidden {
		ok = ok && len(h) == inputs+1
	}
	for _, s := range n.Scale {
		ok = ok && s > 0
	}
	return ok
}

// prepare makes a network that fits ready for batches. The common scale and the biases go into the weights; the biases
// are those of one more input, which is always 1.
func (n *network) prepare() {
	n.inputs, n.units = len(n.Mean)+1, (len(n.Hidden)+3)&^3
	n.hidden = make([]float32, n.units*n.inputs)
	for k, h := range n.Hidden {
		n.fold(n.hidden[k*n.inputs:][:n.inputs], h[:len(n.Mean)], h[len(n.Mean)])
	}
	n.out = make([]float32, 4*(n.inputs+n.units))
	n.fold(n.out[:n.inputs], n.Direct, n.Bias)
	for k, w := range n.Out {
		n.out[n.inputs+k] = float32(w)
	}
}

func (n *network) fold(dst []float32, weights []float64, bias float64) {
	for i, w := range weights {
		w /= n.Scale[i]
		dst[i] = float32(w)
		bias -= float64(w * n.Mean[i])
	}
	dst[len(weights)] = float32(bias)
}

// A batch computes the numbers of several sections at once: a column of its rows is a section, and the rows are the
// inputs and the units. It is kept for the next.
type batch struct {
	columns int
	rows    []float32
	values  []float32
}

// columnsAtOnce and rowsAtOnce are what encoder.Product computes in one go.
const columnsAtOnce, rowsAtOnce = 16, 4

// begin makes room for the inputs of so many sections.
func (b *batch) begin(n *network, sections int) {
	b.columns = (sections + columnsAtOnce - 1) / columnsAtOnce * columnsAtOnce
	b.rows = resize(b.rows, (n.inputs+n.units)*b.columns)
	b.values = resize(b.values, rowsAtOnce*b.columns)
	clear(b.rows[:n.inputs*b.columns]) // the sections that fill up the last columns
	ones := b.rows[(n.inputs-1)*b.columns:][:b.columns]
	for i := range ones {
		ones[i] = 1
	}
}

// set notes an input of a section.
func (b *batch) set(section, input int, v float32) { b.rows[input*b.columns+section] = v }

// run returns the network's number for each section. The slice is the batch's.
func (b *batch) run(n *network) []float32 {
	units := b.rows[n.inputs*b.columns:]
	for c := 0; c < b.columns; c += columnsAtOnce {
		for u := 0; u < n.units; u += rowsAtOnce {
			encoder.Product(units[u*b.columns+c:], b.columns, n.hidden[u*n.inputs:], n.inputs, b.rows[c:], b.columns, n.inputs)
		}
	}
	encoder.Softsign(units[:n.units*b.columns])
	for c := 0; c < b.columns; c += columnsAtOnce {
		encoder.Product(b.values[c:], b.columns, n.out, n.inputs+n.units, b.rows[c:], b.columns, n.inputs+n.units)
	}
	return b.values
}
