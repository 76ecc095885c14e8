package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"docent/knowledge/encoder"
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program and of its model",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			v := buildVersion()
			_, err := fmt.Fprintf(p.out, "docent %s\ncommit %s\nmodel  %s\n%s %s/%s\n",
				v.module, v.commit, encoder.Checksum(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// A version is what the build recorded.
type version struct{ module, commit string }

func buildVersion() version {
	v := version{module: "(devel)", commit: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.module = info.Main.Version
	}
	changed := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			v.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	v.commit += changed
	return v
}
