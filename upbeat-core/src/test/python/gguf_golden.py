"""Writes src/test/resources/checkpoint/blocks.gguf (random blocks of every tensor type that Upbeat reads, metadata of every
value type) and blocks.safetensors (the same tensors dequantised to float32), with the reference implementations.

    pip install gguf==0.19.0 safetensors==0.8.0 numpy
    python upbeat-core/src/test/python/gguf_golden.py
"""

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFValueType, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize
from safetensors.numpy import save_file

ROWS, COLUMNS = 2, 256
# Where each type keeps its f16 scales: random bits there would be NaN now and then.
HALVES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ4_NL": [0], "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [],
}
DIRECTORY = Path(__file__).resolve().parents[1] / "resources" / "checkpoint"


def raw(kind, rng):
    """[rows, row bytes] uint8"""
    values = rng.standard_normal((ROWS, COLUMNS)).astype(np.float32)
    if kind.name == "F32":
        return values.view(np.uint8)
    if kind.name == "F16":
        return values.astype(np.float16).view(np.uint8)
    if kind.name == "BF16":
        return (values.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
    size, width = GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (ROWS * COLUMNS // size, width), dtype=np.uint8)
    for offset in HALVES[kind.name]:
        scales = rng.uniform(-0.1, 0.1, (len(blocks), 1)).astype(np.float16)
        blocks[:, offset : offset + 2] = scales.view(np.uint8)
    if kind.name == "MXFP4":
        blocks[:, 0] = [0, 1, 2, 3, *range(118, 130)]  # exponents: the two below the normal numbers, usual ones
    return blocks.reshape(ROWS, -1)


def main():
    rng = np.random.default_rng(20251013)
    writer = GGUFWriter(DIRECTORY / "blocks.gguf", "llama")
    for name, value, kind in [
        ("uint8", 255, GGUFValueType.UINT8),
        ("int8", -128, GGUFValueType.INT8),
        ("uint16", 65535, GGUFValueType.UINT16),
        ("int16", -32768, GGUFValueType.INT16),
        ("uint32", 4294967295, GGUFValueType.UINT32),
        ("int32", -2147483648, GGUFValueType.INT32),
        ("float32", 1e-5, GGUFValueType.FLOAT32),
        ("bool", True, GGUFValueType.BOOL),
        ("string", "pré-plan ▁", GGUFValueType.STRING),
        ("uint64", 2**64 - 1, GGUFValueType.UINT64),
        ("int64", -(2**63), GGUFValueType.INT64),
        ("float64", 0.1, GGUFValueType.FLOAT64),
    ]:
        writer.add_key_value("test." + name, value, kind)
    writer.add_array("test.strings", ["a", "", "ß"])
    writer.add_array("test.integers", [1, -2, 3])
    writer.add_array("test.floats", [0.5, -1.25])
    writer.add_array("test.nested", [[1, 2], [3]])
    expected = {}
    for kind in ["F32", "F16", "BF16", *HALVES]:
        kind = GGMLQuantizationType[kind]
        data = raw(kind, rng)
        writer.add_tensor(kind.name, data, raw_shape=data.shape, raw_dtype=kind)
        expected[kind.name] = np.ascontiguousarray(dequantize(data, kind), dtype=np.float32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, DIRECTORY / "blocks.safetensors")


if __name__ == "__main__":
    main()
