package rule

import "fmt"

// Check holds every rule against its own examples and returns what is wrong, in words. Positives must match their rule,
// and negatives must not match any rule of its kind.
func (s *Set) Check() []string {
	var out []string
	for _, r := range s.rules {
		if len(r.Yes) == 0 || len(r.No) == 0 {
			out = append(out, fmt.Sprintf("%s:%d: rule %s needs examples for yes and for no", r.File, r.Line, r.ID))
		}
		if len(r.Like) > 0 && r.near == 0 {
			out = append(out, fmt.Sprintf("%s:%d: rule %s has examples for like, and no near", r.File, r.Line, r.ID))
		}
		for _, text := range r.Yes {
			if !r.matches(s.vocab.read(text)) {
				out = append(out, fmt.Sprintf("%s:%d: rule %s does not match %q", r.File, r.Line, r.ID, text))
			}
		}
		for _, text := range r.No {
			if hit := s.First(text, r.Kind); hit != nil {
				out = append(out, fmt.Sprintf("%s:%d: rule %s: %q is matched by %s", r.File, r.Line, r.ID, text, hit.ID))
			}
		}
	}
	return out
}
