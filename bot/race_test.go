package bot_test

import (
	"fmt"
	"sync"
	"testing"

	"docent/bot"
)

func TestManyPeopleAtOnce(t *testing.T) {
	base := fixtures()
	b := &bot.Bot{Base: base, Unanswered: nil}
	value := bot.ShowChoice(base.articles[0].Sections[2])
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for n := range 50 {
				q := bot.Question{Place: bot.Place{Platform: "test"}, Person: fmt.Sprint(i % 4), Choice: value}
				if n%5 == 0 {
					q.Choice = bot.ChoiceForget
				}
				if r, err := b.Answer(t.Context(), q); err != nil || len(r.Body) == 0 {
					t.Errorf("%v %v", r, err)
				}
				b.Topics()
			}
		})
	}
	all.Wait()
}
