"""Reads a Parquet file the way the format's documents say, for tests.

Written from apache/parquet-format (README, Encodings, LogicalTypes,
parquet.thrift) and thrift-compact-protocol.md, without a look at our writer.
Prints one JSON document: schema, metadata, rows.

    python3 read_parquet.py FILE
"""
import ctypes
import ctypes.util
import decimal
import json
import struct
import sys


class Compact:
    """Thrift's compact protocol into dicts of field id -> value."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        shift = value = 0
        while True:
            b = self.byte()
            value |= (b & 0x7F) << shift
            if b < 0x80:
                return value
            shift += 7

    def zigzag(self):
        n = self.varint()
        return (n >> 1) ^ -(n & 1)

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return struct.unpack("b", bytes([self.byte()]))[0]
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 7:
            self.at += 8
            return struct.unpack("<d", self.data[self.at - 8:self.at])[0]
        if kind == 8:
            size = self.varint()
            self.at += size
            return bytes(self.data[self.at - size:self.at])
        if kind in (9, 10):
            head = self.byte()
            size, of = head >> 4, head & 15
            if size == 15:
                size = self.varint()
            return [self.value(of) for _ in range(size)]
        if kind == 12:
            return self.struct()
        raise ValueError(f"thrift type {kind}")

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            kind, delta = head & 15, head >> 4
            last = last + delta if delta else self.zigzag()
            if last in fields:
                raise ValueError(f"field {last} twice")
            fields[last] = self.value(kind)


def unzstd(packed, size):
    lib = ctypes.CDLL(ctypes.util.find_library("zstd"))
    lib.ZSTD_decompress.restype = ctypes.c_size_t
    lib.ZSTD_decompress.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    out = ctypes.create_string_buffer(max(size, 1))
    got = lib.ZSTD_decompress(out, size, bytes(packed), len(packed))
    if got != size:
        raise ValueError("zstd page has another size than its header says")
    return out.raw[:size]


def levels(data, count):
    """The RLE / bit-packed hybrid at bit width 1."""
    at = Compact(data)
    out = []
    while len(out) < count:
        head = at.varint()
        if head & 1:
            for _ in range(head >> 1):
                bits = at.byte()
                out += [(bits >> i) & 1 for i in range(8)]
        else:
            out += [at.byte()] * (head >> 1)
    if at.at != len(data) or len(out) < count:
        raise ValueError("definition levels do not fill their bytes")
    return out[:count]


def plain(kind, data, count):
    if kind == 0:
        if len(data) != (count + 7) // 8:
            raise ValueError("booleans")
        return [bool(data[i // 8] >> (i % 8) & 1) for i in range(count)]
    if kind == 6:
        out, at = [], 0
        for _ in range(count):
            size = struct.unpack_from("<I", data, at)[0]
            out.append(data[at + 4:at + 4 + size].decode("utf-8"))
            at += 4 + size
        if at != len(data):
            raise ValueError("texts")
        return out
    form = {2: "q", 5: "d"}[kind]
    if len(data) != 8 * count:
        raise ValueError("numbers")
    return list(struct.unpack(f"<{count}{form}", data))


def chunk(data, meta, element, rows):
    head = Compact(data, meta[9])
    page = head.struct()
    body = data[head.at:head.at + page[3]]
    if head.at + page[3] - meta[9] != meta[7]:
        raise ValueError("total_compressed_size")
    if head.at - meta[9] + page[2] != meta[6]:
        raise ValueError("total_uncompressed_size")
    if page[1] != 0 or page[5][1] != rows or page[5][2] != 0:
        raise ValueError("not one plain data page of the group's rows")
    body = {0: lambda: body, 6: lambda: unzstd(body, page[2])}[meta[4]]()
    there = [1] * rows
    if element[3] == 1:
        size = struct.unpack_from("<I", body)[0]
        there = levels(body[4:4 + size], rows)
        body = body[4 + size:]
    values = iter(plain(meta[1], body, sum(there)))
    return [next(values) if x else None for x in there]


def shown(element, value):
    converted = element.get(6)
    if value is None:
        return None
    if converted == 5:
        with decimal.localcontext() as context:
            context.prec = 40
            exact = decimal.Decimal(value).scaleb(-element[7])
            return format(exact, "f")
    return value


def read(path):
    data = open(path, "rb").read()
    if data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        raise ValueError("magic")
    size = struct.unpack("<I", data[-8:-4])[0]
    at = Compact(data, len(data) - 8 - size)
    meta = at.struct()
    if at.at != len(data) - 8:
        raise ValueError("footer")
    root, elements = meta[2][0], meta[2][1:]
    if root[5] != len(elements):
        raise ValueError("schema")
    rows = []
    for group in meta[4]:
        columns = []
        for column, element in zip(group[1], elements, strict=True):
            if column[3][3] != [element[4]] or column[3][1] != element[1]:
                raise ValueError("a chunk's path or type")
            columns.append([shown(element, v) for v in
                            chunk(data, column[3], element, group[3])])
        rows += [list(row) for row in zip(*columns)]
    if len(rows) != meta[3]:
        raise ValueError("num_rows")
    kind = {0: "boolean", 2: "int64", 5: "double", 6: "bytes"}
    logical = {None: "", 0: "utf8", 5: "decimal", 9: "timestamp_ms"}

    def notes(pairs):
        return {p[1].decode(): p[2].decode() for p in pairs}

    return {
        "columns": [e[4].decode() for e in elements],
        "types": [(kind[e[1]] + " " + logical[e.get(6)]).strip()
                  for e in elements],
        "groups": [g[3] for g in meta[4]],
        "units": [notes(c[3][8])["unit"] for c in meta[4][0][1]]
                 if meta[4] else [],
        "notes": notes(meta[5]),
        "created_by": meta[6].decode(),
        "rows": rows,
    }


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout, ensure_ascii=False)
