package engine

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
)

// loadAt is where the probe's program is mapped; any page that is free will do.
const loadAt = 0x400000

// program is the smallest Linux executable of an architecture: one page that
// does exit(0). The probe needs some program, no registry may be in reach, and
// our own binary is a thousand times the size and may need libraries.
func program(arch string) ([]byte, error) {
	var machine elf.Machine
	var code []byte
	switch arch {
	case "amd64":
		machine = elf.EM_X86_64
		code = []byte{0x6a, 60, 0x58, 0x31, 0xff, 0x0f, 0x05} // push 60; pop rax; xor edi, edi; syscall
	case "arm64":
		machine = elf.EM_AARCH64
		code = binary.LittleEndian.AppendUint32(code, 0xd2800ba8) // mov x8, #93
		code = binary.LittleEndian.AppendUint32(code, 0xd2800000) // mov x0, #0
		code = binary.LittleEndian.AppendUint32(code, 0xd4000001) // svc #0
	default:
		return nil, fmt.Errorf("no probe for the architecture %s", arch)
	}
	var head elf.Header64
	var load elf.Prog64
	start := uint64(binary.Size(head) + binary.Size(load)) //nolint:gosec // sizes of constants
	size := start + uint64(len(code))
	head = elf.Header64{
		Type: uint16(elf.ET_EXEC), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT),
		Entry: loadAt + start, Phoff: uint64(binary.Size(head)), Phnum: 1, //nolint:gosec // as above
		Ehsize: uint16(binary.Size(head)), Phentsize: uint16(binary.Size(load)), //nolint:gosec // as above
	}
	copy(head.Ident[:], elf.ELFMAG)
	head.Ident[elf.EI_CLASS] = byte(elf.ELFCLASS64)
	head.Ident[elf.EI_DATA] = byte(elf.ELFDATA2LSB)
	head.Ident[elf.EI_VERSION] = byte(elf.EV_CURRENT)
	load = elf.Prog64{
		Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X),
		Vaddr: loadAt, Paddr: loadAt, Filesz: size, Memsz: size, Align: 0x1000,
	}
	var out bytes.Buffer
	for _, part := range []any{head, load, code} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("write probe program: %w", err)
		}
	}
	return out.Bytes(), nil
}
