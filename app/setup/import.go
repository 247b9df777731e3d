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
	done := form.ImportResult{File: o.Path, Ignored: file.Ignored, Slips: file.Slips}
	for _, e := range file.Entries(have) {
		told := e.Told
		if told.Added() {
			if err := config.AddSettings(ctx, to, told.Tool, e.Settings); err != nil {
				told.Skipped = &form.Remark{Code: form.SkippedRefused, Err: auth.AsError(err)}
			}
		}
		if told.Added() && e.Secret != "" {
			told.Secret = form.SecretStored
			if o.Take {
				if err := storeSecret(ctx, to, e, secrets); err != nil {
					told.Secret, told.SecretFault = form.SecretFailed, auth.AsError(err)
				}
			}
		}
		done.Entries = append(done.Entries, told)
	}
	return done, nil
}

func storeSecret(ctx context.Context, path string, e ssosettings.Entry, secrets Secrets) error {
	secret, err := CheckSecret(e.Secret.Reveal())
	if err != nil {
		return err
	}
	have, err := config.Load(path)
	if err != nil {
		return err
	}
	tool, err := FindTool(have, e.Told.Tool)
	if err != nil {
		return err
	}
	return secrets.SaveSecret(ctx, tool, secret)
}
