package handover

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// inherited takes the handles that value names, and lets no child have them.
func inherited(value string) (*Inheritance, error) {
	var says, memory uintptr
	if n, err := fmt.Sscanf(value, "%d,%d", &says, &memory); err != nil || n != 2 {
		return nil, errors.New("two handles were expected")
	}
	for _, h := range []uintptr{says, memory} {
		if kind, err := windows.GetFileType(windows.Handle(h)); err != nil || kind != windows.FILE_TYPE_PIPE {
			return nil, errors.New("a handle is no pipe")
		}
		if err := windows.SetHandleInformation(windows.Handle(h), windows.HANDLE_FLAG_INHERIT, 0); err != nil {
			return nil, err
		}
	}
	return &Inheritance{says: os.NewFile(says, "says"), memory: os.NewFile(memory, "memory")}, nil
}
