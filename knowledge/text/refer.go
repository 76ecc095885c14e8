package text

import "slices"

// Refers reports whether a question has words that stand for something said before it ("does it help them?"), or starts
// like the rest of a question ("and for migraines?"). It knows English only.
func Refers(question string) bool {
	words := Words(nil, Fold(question))
	for i, w := range words {
		switch w {
		case "it", "its", "they", "them", "their", "this", "that", "these", "those", "there", "he", "she", "him", "her", "his",
			"one", "ones", "same", "also", "else", "other", "another", "instead":
			return true
		case "and", "but", "or", "so", "then":
			if i == 0 {
				return true
			}
		case "about":
			if i == 1 && slices.Contains([]string{"what", "how"}, words[0]) {
				return true
			}
		}
	}
	return false
}
