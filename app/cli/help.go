package cli

import "io"

const overview = `Keyfob signs you in to your tools through the system browser and hands out
bearer tokens.

Usage:
  keyfob                     start the tray, or bring up the one that runs
  keyfob login TOOL          sign in through the browser
  keyfob token TOOL          print the access token
  keyfob status [TOOL]       say how each session stands
  keyfob logout TOOL         sign out, here and at the provider
  keyfob tools ACTION        list, show, add, remove or import tools
  keyfob check TOOL|ISSUER   say how well a provider fits
  keyfob agent               run without a tray
  keyfob autostart on|off    start at login, or no longer
  keyfob demo                try it with a built-in provider
  keyfob version             print the version
  keyfob help [VERB]         say more about a verb

--config FILE names the settings, else KEYFOB_CONFIG, else keyfob.toml in your
configuration folder. An administrator's tools are there beside them.

Exit codes: 0 done, 1 failed, 2 usage, 3 sign-in needed, 4 provider or network
unavailable for now, 5 keychain unavailable.
`

// topic returns the help on one verb, or false.
func topic(verb string) (string, bool) {
	switch verb {
	case Login:
		return `Usage: keyfob login TOOL [--no-browser] [--prompt login|select_account|consent] [--timeout 5m]
             [--offline] [--switch-account]

Opens the system browser and waits until you have signed in.
  --no-browser   print the address instead of opening it
  --prompt       ask the provider to show its sign-in, account or consent page
  --timeout      how long to wait for you, at most five minutes
  --offline      ask for offline_access, and put it into the tool's scopes
  --switch-account   let another account take the place of the last one
`, true
	case Token:
		return `Usage: keyfob token TOOL [--header|--curl|--env|--json|--exec-credential] [--id-token]
             [--min-valid 10s]

Prints the access token alone, renewed first where that is needed and possible.
Never opens a browser: exit code 3 says that you have to sign in.
  --header      print it as Authorization header for an HTTP client
  --curl        print it as curl command for the tool's api, or else its home
  --env         print it as shell variable: a line that sets KEYFOB_TOKEN
  --json        print the token with its expiry, scopes and account
  --exec-credential   print what kubectl takes from a credential plugin, in the
                version that it asks for
  --id-token    print the ID token instead, alone or with --exec-credential
  --min-valid   renew a token that is valid for less than this
`, true
	case Status:
		return `Usage: keyfob status [TOOL] [--json]

Prints a line for each tool, or JSON without any secret.
`, true
	case Logout:
		return `Usage: keyfob logout TOOL|--all [--local]

Deletes the tokens on this machine, then has the provider revoke them and opens
its sign-out page in the browser. What a provider cannot do is said. A tool that
is no longer in the settings can be named too: what the keychain still holds of
it is deleted.
  --all     sign out of every tool
  --local   delete the tokens here and tell nobody
`, true
	case Tools:
		return toolsHelp, true
	case Check:
		return `Usage: keyfob check TOOL|ISSUER [--json]

Holds the provider against the requirements of tools such as ThingPark
Enterprise, row by row, and ends with a verdict: compatible; degraded, when
something recommended is missing; incompatible, when something required is.
What only a sign-in can show is taken from the tool's session.
Exit codes: 0 compatible or degraded, 1 incompatible, 4 cannot be reached.
  --json   print the rows and the verdict for a program
`, true
	case Agent:
		return `Usage: keyfob agent

Runs the engine without a tray, until it is told to end.
`, true
	case Autostart:
		return `Usage: keyfob autostart [status] [--json]
       keyfob autostart on [--replace]
       keyfob autostart off

Says whether a login starts Keyfob in the tray, or switches that on or off: by
an entry in the autostart folder of your desktop, a value of the registry's Run
key on Windows, or a LaunchAgent on macOS.
  --replace   also replace an entry that Keyfob did not make
  --json      print the status for a program
`, true
	case Demo:
		return `Usage: keyfob demo [--headless]

Starts a provider on this machine with two tools: one session renews by itself,
the other gets no refresh token and ends after two minutes. Your own settings
and keychain entries are not touched.
  --headless   play the person's part too, print each step, and end
`, true
	}
	return "", false
}

// PrintHelp writes the help on a verb, or the overview.
func PrintHelp(w io.Writer, verb string) error {
	text := overview
	if verb != "" {
		var ok bool
		if text, ok = topic(verb); !ok {
			return usage("there is no help on " + verb)
		}
	}
	_, err := io.WriteString(w, text)
	return err
}
