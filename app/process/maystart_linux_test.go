package process

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestMayStart says who may start an engine, by the environments that sudo and
// its like leave.
func TestMayStart(t *testing.T) {
	me := strconv.Itoa(os.Getuid())
	home := t.TempDir()
	tests := map[string]struct {
		env  []string
		code string // empty for who may
		says string
	}{
		"a person":           {[]string{"HOME=" + home}, "", ""},
		"without a home":     {nil, "", ""},
		"sudo":               {[]string{"HOME=" + home, "SUDO_UID=4711", "SUDO_USER=ann"}, auth.CodeOthersHome, "under sudo"},
		"sudo as oneself":    {[]string{"HOME=" + home, "SUDO_UID=" + me}, "", ""},
		"sudo, strange":      {[]string{"SUDO_UID=ann"}, auth.CodeOthersHome, "under sudo"},
		"pkexec":             {[]string{"HOME=" + home, "PKEXEC_UID=4711"}, auth.CodeOthersHome, "run it without pkexec"},
		"a home that is not": {[]string{"HOME=" + home + "/none"}, "", ""},
	}
	if os.Getuid() == 0 {
		others := t.TempDir()
		if err := os.Chown(others, authtest.SpareUser, -1); err != nil {
			t.Fatal(err)
		}
		for name, tc := range map[string]struct {
			env  []string
			code string
			says string
		}{
			"another's home": {[]string{"HOME=" + others}, auth.CodeOthersHome, others + " belongs to another user"},
			"doas":           {[]string{"HOME=" + home, "DOAS_USER=ann"}, auth.CodeOthersHome, "under doas"},
			"doas as root":   {[]string{"HOME=" + home, "DOAS_USER=root"}, "", ""},
		} {
			tests[name] = tc
		}
	}
	for name, tc := range tests {
		err := MayStart(func(name string) string {
			for _, v := range tc.env {
				if value, ok := strings.CutPrefix(v, name+"="); ok {
					return value
				}
			}
			return ""
		})
		if tc.code == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := auth.AsError(err); e == nil || e.Kind != auth.KindUsage || e.Code != tc.code || !strings.Contains(e.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMayStartAsAnother has a real second user try it with the home and the
// environment of the first.
func TestMayStartAsAnother(t *testing.T) {
	const line = "KEYFOB_TEST_MAY_START"
	if os.Getenv(line) != "" {
		if err := MayStart(os.Getenv); err != nil {
			_, _ = os.Stdout.WriteString(err.Error())
			os.Exit(2)
		}
		os.Exit(0)
	}
	authtest.NeedRoot(t, "another user tries it")
	first, own := t.TempDir(), t.TempDir()
	if err := errors.Join(os.Chown(first, authtest.SpareUser+1, -1), os.Chown(own, authtest.SpareUser, -1)); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "try")
	b, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		authtest.NotHere(t, "this system does not give out the program that runs: %v", err)
	}
	if err := os.WriteFile(program, b, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir := filepath.Dir(program); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		env  []string
		says string
	}{
		"with their own home":  {[]string{"HOME=" + own}, ""},
		"with the first's":     {[]string{"HOME=" + first}, "belongs to another user"},
		"through the first":    {[]string{"HOME=" + own, "SUDO_UID=" + strconv.Itoa(authtest.SpareUser+1)}, "under sudo"},
		"through themselves":   {[]string{"HOME=" + own, "SUDO_UID=" + strconv.Itoa(authtest.SpareUser)}, ""},
		"through root, by su":  {[]string{"HOME=" + own, "USER=root"}, ""},
		"through root by sudo": {[]string{"HOME=" + own, "SUDO_UID=0"}, "under sudo"},
	} {
		cmd := authtest.AsOther(t, exec.Command(program, "-test.run=^"+t.Name()+"$"))
		cmd.Env = append(tc.env, line+"=1", "PATH="+os.Getenv("PATH"))
		out, err := cmd.Output()
		if (err != nil) != (tc.says != "") || !strings.Contains(string(out), tc.says) {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

// TestMayStay asks the keychain inside of a sandbox alone, and by what the system
// says of that, not by the environment.
func TestMayStay(t *testing.T) {
	t.Setenv("SNAP", "/snap/code/1") // which a terminal in a classic snap has
	fault := func(code string) error { return &auth.Error{Kind: auth.KindKeychain, Code: code, What: code} }
	for name, tc := range map[string]struct {
		file, text string
		in         string
	}{
		"none":              {"proc/self/attr/current", "unconfined\n", ""},
		"no labels":         {"etc/hostname", "", ""},
		"a container":       {"proc/self/attr/current", "docker-default (enforce)\n", ""},
		"a classic snap":    {"proc/self/attr/apparmor/current", "snap.code.code (complain)\n", ""},
		"a snap":            {"proc/self/attr/apparmor/current", "snap.tool.tool (enforce)\n", "a snap"},
		"on an old kernel":  {"proc/self/attr/current", "snap.tool.tool (enforce)\x00", "a snap"},
		"Flatpak":           {".flatpak-info", "[Application]\n", "a Flatpak"},
		"unreadable labels": {"proc/self/attr/current/folder", "", ""},
	} {
		top := t.TempDir()
		path := filepath.Join(top, tc.file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(tc.text), 0o600)); err != nil {
			t.Fatal(err)
		}
		s := sandbox(top)
		if s.name != tc.in {
			t.Errorf("%s: in %q", name, s.name)
		}
		for code, stays := range map[string]bool{
			"": true, auth.CodeKeychainLocked: true, auth.CodeKeychainAbsent: s.name == "", auth.CodeKeychainFailed: s.name == "",
		} {
			asked := false
			err := mayStay(s, func() error {
				asked = true
				if code == "" {
					return nil
				}
				return fault(code)
			})
			if asked != (s.name != "") || (err == nil) != stays {
				t.Errorf("%s, %q: asked %v: %v", name, code, asked, err)
			}
			if e := auth.AsError(err); err != nil && (e.Kind != auth.KindUsage || !strings.Contains(e.What, tc.in)) {
				t.Errorf("%s, %q: %v", name, code, err)
			}
		}
	}
}
