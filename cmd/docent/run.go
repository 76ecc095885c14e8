package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"docent/internal/config"
)

// The exit codes of the program.
const (
	exitFine   = 0
	exitFailed = 1 // the run failed
	exitUsage  = 2 // the command line is wrong
)

// A usageError is a wrong command line.
type usageError struct {
	err     error
	command string // what to ask for help about
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// errTold ends a run whose problem is on the screen already.
var errTold = errors.New("the problem was told")

// run is the program as a function of its surroundings. Env is like os.Environ.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) error {
	p := &program{env: env, in: stdin, out: stdout, err: stderr}
	root := p.command()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}

// report tells a person what went wrong and returns the exit code.
func report(w io.Writer, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errTold):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(w, "docent: %v\nRun \"%s --help\" to see how it is used.\n", err, usage.command)
		return exitUsage
	}
	fmt.Fprintf(w, "docent: %v\n", err)
	return exitFailed
}

// A program is one run with its surroundings.
type program struct {
	env      []string
	in       io.Reader
	out, err io.Writer

	configPath string
}

// lookup finds a variable of the environment, as os.LookupEnv does.
func (p *program) lookup(name string) (string, bool) {
	for i := len(p.env) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(p.env[i], "="); ok && k == name {
			return v, true
		}
	}
	return "", false
}

// command returns the command line of the program.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "docent",
		Short: "Answer people's questions from checked articles",
		Long: "Docent answers people's questions in Discord, in Telegram, in the browser and in the terminal, word for word\n" +
			"from articles that somebody checked. Start with \"docent serve\" or \"docent chat\".",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          exactly(0),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().StringVar(&p.configPath, "config", "",
		"configuration `file` (default: config.yaml, where there is one; or $DOCENT_CONFIG)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError{err, cmd.CommandPath()} })
	root.AddCommand(p.serveCommand(), p.chatCommand(), p.askCommand(), p.topicsCommand(), p.checkCommand(),
		p.evalCommand(), p.verifyCommand(), p.reportCommand(), p.auditCommand(), p.versionCommand(), p.healthCommand())
	return root
}

// exactly accepts n arguments. On a command that has others below it, an argument is an unknown command.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case cmd.HasSubCommands() && len(args) > 0:
			return usageError{fmt.Errorf("there is no command %q", args[0]), cmd.CommandPath()}
		case len(args) != n:
			takes := countOf(n, "argument")
			if n == 0 {
				takes = "no arguments"
			}
			return usageError{fmt.Errorf("%s takes %s, not %d", cmd.CommandPath(), takes, len(args)), cmd.CommandPath()}
		}
		return nil
	}
}

// atLeast accepts n arguments or more.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usageError{fmt.Errorf("%s needs %s", cmd.CommandPath(), what), cmd.CommandPath()}
		}
		return nil
	}
}

// countOf returns "1 article" or "3 articles".
func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// loadConfig reads the configuration that the command line or the environment names.
func (p *program) loadConfig() (config.Config, error) {
	path := p.configPath
	if path == "" {
		path, _ = p.lookup("DOCENT_CONFIG")
	}
	if path == "" && fileExists(defaultConfig) {
		path = defaultConfig
	}
	c, err := config.Load(path, p.lookup)
	if err != nil {
		return c, fmt.Errorf("the configuration has mistakes:\n%w", err)
	}
	return c, nil
}
