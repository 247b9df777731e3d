package setup

import (
	"context"

	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/app/ssosettings"
	"keyfob/auth"
)

// Import adds the tools of ThingWorx's settings, or says what it would add.
func (s Setup) Import(ctx context.Context, request form.ImportRequest) (form.ImportResult, error) {
	path, err := pastedPath(request.Path)
	if err != nil {
		return form.ImportResult{}, err
	}
	request.Path = path
	have, err := config.LoadAll(s.Path, s.System)
	if err != nil {
		return form.ImportResult{}, err
	}
	done, err := ImportFile(ctx, have, request, s.Secrets)
	if err != nil {
		return form.ImportResult{}, err
	}
	if request.Take && done.Added() > 0 {
		s.Reload(ctx)
	}
	return done, nil
}

// ImportFile adds the servers of ThingWorx's settings to the settings file of
// have as tools, or only says what it would add.
func ImportFile(ctx context.Context, have *config.Settings, request form.ImportRequest, secrets Secrets) (form.ImportResult, error) {
	to := have.Path
	data, err := readFile(ctx, request.Path)
	if err != nil {
		return form.ImportResult{}, err
	}
	file, err := ssosettings.Read(data, request.WithSecret)
	if e := auth.AsError(err); e != nil {
		said := *e
		said.What = request.Path + ", " + e.What
		return form.ImportResult{}, &said
	}
	if !request.Take {
		copied, remove, err := scratchCopy(to)
		if err != nil {
			return form.ImportResult{}, err
		}
		defer remove()
		to = copied
	}
	done := form.ImportResult{File: request.Path, Ignored: file.Ignored, Slips: file.Slips}
	for _, e := range file.Entries(have) {
		done.Entries = append(done.Entries, addEntry(ctx, to, e, request, secrets))
	}
	return done, nil
}

// addEntry writes a server of the file into the settings at path, and its client
// secret into the keychain.
func addEntry(ctx context.Context, path string, e ssosettings.Entry, request form.ImportRequest, secrets Secrets) form.ImportEntry {
	done := e.Result
	if !done.Added() {
		return done
	}
	if err := config.AddTable(ctx, path, done.Tool, e.Settings); err != nil {
		done.Skipped, done.Secret = &form.Remark{Code: form.SkippedRefused, Err: auth.AsError(err)}, ""
		return done
	}
	if e.Secret == "" {
		return done
	}
	done.Secret = form.SecretStored
	if request.Take {
		if err := storeSecret(ctx, path, e, secrets); err != nil {
			done.Secret, done.SecretFault = form.SecretFailed, auth.AsError(err)
		}
	}
	return done
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
	tool, err := FindTool(have, e.Result.Tool)
	if err != nil {
		return err
	}
	return secrets.SaveSecret(ctx, tool, secret)
}
