package text

// editCost returns the cost of turning a into b by insertions, deletions, substitutions and swaps of neighbours (optimal
// string alignment), where slips that people often make cost less than one and a wrong first letter costs more. It
// returns a value above limit as soon as no cheaper way is left.
func editCost(a, b string, limit float64) float64 {
	const width = maxWord + 1
	var rows [3][width]float64
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := 1; j <= len(b); j++ {
		prev[j] = prev[j-1] + gapCost(b, j-1, 0)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = prev[0] + gapCost(a, i-1, 0)
		least := cur[0]
		for j := 1; j <= len(b); j++ {
			c := prev[j-1] + substituteCost(a[i-1], b[j-1], i == 1 && j == 1)
			c = min(c, prev[j]+gapCost(a, i-1, j), cur[j-1]+gapCost(b, j-1, i))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				c = min(c, prev2[j-2]+0.8)
			}
			cur[j] = c
			least = min(least, c)
		}
		if least > limit {
			return least
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

// gapCost is the cost of a letter that only one of the words has, after other letters of the other word.
func gapCost(w string, i, other int) float64 {
	switch {
	case i > 0 && w[i] == w[i-1]:
		return 0.6 // a doubled letter
	case i == 0 && other == 0:
		return 1.5
	case w[i] == 'h' || w[i] == 'e' || w[i] == '\'':
		return 0.8 // silent letters
	}
	return 1
}

func substituteCost(x, y byte, first bool) float64 {
	switch {
	case x == y:
		return 0
	case first:
		return 1.5
	case vowel(x) && vowel(y), soundsAlike(x, y):
		return 0.7
	}
	return 1
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func soundsAlike(x, y byte) bool {
	if x > y {
		x, y = y, x
	}
	switch [2]byte{x, y} {
	case [2]byte{'c', 'k'}, [2]byte{'c', 's'}, [2]byte{'s', 'z'}, [2]byte{'g', 'j'}, [2]byte{'m', 'n'}, [2]byte{'d', 't'}, [2]byte{'b', 'p'}, [2]byte{'f', 'p'}, [2]byte{'c', 'q'}, [2]byte{'f', 'v'}:
		return true
	}
	return false
}
