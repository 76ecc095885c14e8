package text

import "strings"

// stopWords are the English words that say how something is asked, not what about.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a about above after again all also am an and any anyone anything are aren't arent as at be because been
		before being below between both but by can can't cant could couldn't did didn't didnt do does doesn't doesnt doing don't dont
		down during each either else ever every few for from further get gets getting got had has hasn't have haven't having he her here hers him
		his how how's i i'd i'll i'm i've im ive id if in into is isn't isnt it it's its itself just let let's like may maybe me might more most much must my
		myself no nor not of off on once one only or other our ours out over own per please pls really same shall she should so some somebody
		someone something such tell than that that's thats the their theirs them then there there's these they they're this those through to too u ur
		under until up upon us very via was wasn't way we well were what what's whats when where where's which while who who's whom whose why
		will with without won't wont would wouldn't y yes you you'd you'll you're your youre yours yourself
		anybody hi hello hey ok okay thanks thank know say says said want wanna gonna give explain show find mean`) {
		m[w] = true
	}
	return m
}()

// Stop reports whether a folded word is a function word of English, which carries no topic.
func Stop(w string) bool { return stopWords[w] }
