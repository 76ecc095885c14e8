package bot

import (
	"strconv"

	"docent/internal/markup"
	"docent/knowledge"
)

// pageSize is the number of entries on a page of a menu; maxFirst that of the topics under a fixed reply.
const (
	pageSize = 10
	maxFirst = 5
)

// menu shows the topics of the only article, or the articles.
func (x *exchange) menu() Reply {
	articles := x.shown()
	if len(articles) == 1 {
		return x.topicsPage(articles[0], 0, false)
	}
	return x.articlesMenu(0)
}

// shown returns the articles that have something to show.
func (x *exchange) shown() []*knowledge.Article {
	var out []*knowledge.Article
	for _, a := range x.Base.Articles() {
		if (x.q.Article == "" || a.ID == x.q.Article) && len(x.sectionsOf(a)) > 0 {
			out = append(out, a)
		}
	}
	return out
}

func (x *exchange) sectionsOf(a *knowledge.Article) []*knowledge.Section {
	var out []*knowledge.Section
	for _, s := range a.Sections {
		if x.showable(s) {
			out = append(out, s)
		}
	}
	return out
}

// articlesMenu shows a page of the articles.
func (x *exchange) articlesMenu(n int) Reply {
	articles := x.shown()
	if len(articles) == 0 {
		return x.fixed(x.say.Answer.NoArticles)
	}
	from, to, n, pages := pageOf(len(articles), n)
	r := Reply{Kind: Menu, Body: markup.Doc{heading(x.say.Buttons.Topics), para(x.say.Answer.ChooseArticle)}}
	for _, a := range articles[from:to] {
		r.Choices = append(r.Choices, Choice{Label: a.Title, Value: articleValue(a, "0"), Group: GroupPick})
	}
	x.paged(&r, n, pages, func(n int) string { return press{act: actArticles, arg: strconv.Itoa(n)}.String() })
	return r
}

// topicsMenu shows a page of the sections of the article with the key.
func (x *exchange) topicsMenu(key string, n int) Reply {
	articles := x.shown()
	for _, a := range articles {
		if (knowledge.Ref{Article: a.ID}).Key() == key {
			return x.topicsPage(a, n, len(articles) > 1)
		}
	}
	return x.gone(x.say.Answer.Gone)
}

func (x *exchange) topicsPage(a *knowledge.Article, n int, several bool) Reply {
	sections := x.sectionsOf(a)
	from, to, n, pages := pageOf(len(sections), n)
	r := Reply{Kind: Menu, Body: markup.Doc{heading(a.Title), para(x.say.Answer.ChooseTopic)}}
	for _, s := range sections[from:to] {
		r.Choices = append(r.Choices, Choice{Label: s.Heading, Value: sectionValue(actPick, s, strconv.Itoa(n)), Group: GroupPick})
	}
	x.paged(&r, n, pages, func(n int) string { return articleValue(a, strconv.Itoa(n)) })
	if several {
		r.Choices = append(r.Choices, Choice{
			Label: x.say.Buttons.Articles, Value: press{act: actArticles, arg: "0"}.String(), Group: GroupNav})
	}
	return r
}

// pageOf returns the entries of page n of total, n within bounds, and the number of pages.
func pageOf(total, n int) (from, to, page, pages int) {
	pages = max(1, (total+pageSize-1)/pageSize)
	page = min(max(n, 0), pages-1)
	return page * pageSize, min(total, (page+1)*pageSize), page, pages
}

// paged adds the page number and the choices that turn pages.
func (x *exchange) paged(r *Reply, n, pages int, value func(int) string) {
	if pages == 1 {
		return
	}
	r.Body = append(r.Body, para(fill(x.say.Answer.Page, "page", strconv.Itoa(n+1), "pages", strconv.Itoa(pages))))
	if n > 0 {
		r.Choices = append(r.Choices, Choice{Label: x.say.Buttons.Previous, Value: value(n - 1), Group: GroupNav})
	}
	if n < pages-1 {
		r.Choices = append(r.Choices, Choice{Label: x.say.Buttons.Next, Value: value(n + 1), Group: GroupNav})
	}
}

// topicsChoice is the button that opens the topics.
func (x *exchange) topicsChoice() Choice {
	return Choice{Label: x.say.Buttons.Topics, Value: ChoiceTopics, Group: GroupNav}
}

// firstTopics returns choices for some topics, and for all of them.
func (x *exchange) firstTopics() []Choice {
	var some []*knowledge.Section
	for _, a := range x.shown() {
		for _, s := range x.sectionsOf(a) {
			if len(some) == maxFirst {
				return append(x.picks(some, actShow), x.topicsChoice())
			}
			some = append(some, s)
		}
	}
	return append(x.picks(some, actShow), x.topicsChoice())
}
