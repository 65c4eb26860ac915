"""Machine code from LLVM's text, kept on disk by its text and the processor it is for."""

import hashlib

import llvmlite.binding as llvm

from golden.command.atomic import write_atomically
from golden.numbers.compiled import FOLDER

_LINKED: dict[str, dict[str, int]] = {}
"""Addresses of what is in memory, by text."""
_LIBRARIES: list[object] = []
"""Whose code it is: it stays as long as they do."""
_MACHINE: list = []


def addresses(text: str, *names: str) -> dict[str, int]:
    """Return the addresses of functions of a module."""
    if text not in _LINKED:
        builder = llvm.JITLibraryBuilder().add_object_img(_object(text))
        for name in names:
            builder.export_symbol(name)
        jit, _ = _machine()
        library = builder.link(jit, f"goldspike{len(_LINKED)}")
        _LIBRARIES.append(library)
        _LINKED[text] = {name: library[name] for name in names}
    return _LINKED[text]


def _machine() -> tuple:
    """Return the linker, and what makes code for this processor, once."""
    if not _MACHINE:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple()
        made = target.create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=2,
            reloc="pic",
            codemodel="small",
        )
        _MACHINE.append((llvm.create_lljit_compiler(), made))
    return _MACHINE[0]


def optimised(text: str) -> llvm.ModuleRef:
    """Return a module as it is compiled for this processor."""
    _, machine = _machine()
    module = llvm.parse_assembly(text)
    module.verify()
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(2))
    passes.getModulePassManager().run(module, passes)
    return module


def _object(text: str) -> bytes:
    cpu = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    digest = hashlib.sha256(f"{cpu}\n{text}".encode()).hexdigest()[:24]
    path = FOLDER / f"{digest}.o" if FOLDER else None
    if path and path.exists():
        return path.read_bytes()
    content = _machine()[1].emit_object(optimised(text))
    if path:
        write_atomically(path, content)
    return content
