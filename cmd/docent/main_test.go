package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program itself, for scripts and for tests that kill it.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_DOCENT_MAIN") != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"docent": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("DOCENT_KNOWLEDGE_MEANING", "off") // starts faster
			return nil
		},
	})
}
