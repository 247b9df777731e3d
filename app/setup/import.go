package setup

import (
	"context"

	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/app/ssosettings"
	"keyfob/auth"
)

// Import takes tools out of ThingWorx's settings, or says what it would take.
func (s Setup) Import(ctx context.Context, ask form.ImportRequest) (form.ImportResult, error) {
	path, err := pastedPath(ask.Path)
	if err != nil {
		return form.ImportResult{}, err
	}
	ask.Path = path
	have, err := config.LoadAll(s.Path, s.System)
	if err != nil {
		return form.ImportResult{}, err
	}
	done, err := ImportFile(ctx, have, ask, s.Secrets)
	if err != nil {
		return form.ImportResult{}, err
	}
	if ask.Take && done.Added() > 0 {
		s.Reload(ctx)
	}
	return done, nil
}

// ImportFile writes the servers of ThingWorx's settings as tools into the settings
// file of have, or only says what it would do.
func ImportFile(ctx context.Context, have *config.Settings, o form.ImportRequest, secrets Secrets) (form.ImportResult, error) {
	to := have.Path
	data, err := readFile(ctx, o.Path)
	if err != nil {
		return form.ImportResult{}, err
	}
	file, err := ssosettings.Read(data, o.WithSecret)
	if e := auth.AsError(err); e != nil {
		said := *e
		said.What = o.Path + ", " + e.What
		return form.ImportResult{}, &said
	}
	if !o.Take {
		copied, remove, err := scratchCopy(to)
		if err != nil {
			return form.ImportResult{}, err
		}
		defer remove()
		to = copied
	}
	done := form.ImportResult{File: o.Path, Ignored: file.Ignored}
	for _, s := range file.Slips {
		done.Slips = append(done.Slips, form.Slip(s))
	}
	for _, e := range file.Entries(have) {
		one := form.ImportEntry{Name: e.ID, Line: e.Line, Why: e.Why, Taken: e.Taken, Left: e.Left, Warnings: e.Warnings}
		if e.Settings != nil {
			if fault := config.AddSettings(ctx, to, e.Tool, e.Settings); fault != nil {
				e.Settings, one.Why = nil, fault.Error()
			}
		}
		if e.Settings != nil {
			one.Tool, one.Title = e.Tool, titleOf(e)
			if e.HasSecret && e.ClientAuth != string(auth.ClientAuthNone) {
				done.Secrets++
			}
			one.Secret, one.SecretFault = storeWanted(ctx, to, e, o, secrets)
		}
		done.Entries = append(done.Entries, one)
	}
	return done, nil
}

// titleOf is the name that an entry's tool gets.
func titleOf(e ssosettings.Entry) string {
	for _, s := range e.Settings {
		if name, ok := s.Value.(string); ok && s.Key == form.KeyName {
			return name
		}
	}
	return e.Tool
}

// storeWanted stores an entry's client secret if it was asked for.
func storeWanted(ctx context.Context, to string, e ssosettings.Entry, o form.ImportRequest, secrets Secrets) (form.ImportedSecret, *auth.Error) {
	switch {
	case e.NotRead:
		return form.SecretLeft, nil
	case e.Keep == "":
		return "", nil
	case !o.Take:
		return form.SecretStored, nil
	}
	if err := storeSecret(ctx, to, e, secrets); err != nil {
		return form.SecretFailed, auth.AsError(err)
	}
	return form.SecretStored, nil
}

func storeSecret(ctx context.Context, path string, e ssosettings.Entry, secrets Secrets) error {
	secret, err := CheckSecret(e.Keep.Reveal())
	if err != nil {
		return err
	}
	have, err := config.Load(path)
	if err != nil {
		return err
	}
	tool, err := FindTool(have, e.Tool)
	if err != nil {
		return err
	}
	return secrets.SaveSecret(ctx, tool, secret)
}
