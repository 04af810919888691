"""How fast `onrecord serve` answers a mixed list of requests, with what it takes in memory.

usage: python3 benches/serve.py ONRECORD INDEX [SECONDS [CLIENTS]]

Starts the server, asks for every address of benches/serve.txt once, and then has CLIENTS (32) ask for addresses at random,
with a fixed seed, for SECONDS (30): as they are, and then so that no address is asked for twice, which leaves the server's
memory of earlier answers without use. A line that begins with `first` is the article of the first hit of that page. Then the
latter beside a hostile query that is asked for again and again. Reports requests a second, times in milliseconds, statuses,
memory beyond the index's files, and the first byte and the compressed size of a page with ten hits.
"""

import asyncio
import gzip
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HOSTILE = "/api/v1/search?q=*a*+/s+*e*+/s+*i*+/s+*o*"
TEN_HITS = "/api/v1/search?q=oil+prices&limit=10"
PAGE = "/?q=oil+prices"


async def ask(host, port, path, connection=None):
    """Status, time to the first byte, bytes of the body, and the connection, kept open where the server does."""
    reader, writer = connection or await asyncio.open_connection(host, port)
    head = f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\naccept: text/html\r\naccept-encoding: gzip\r\n\r\n"
    clock = time.perf_counter()
    writer.write(head.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    first = time.perf_counter() - clock
    status = int(head.split(b" ", 2)[1])
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    body = b""
    if b"content-length" in fields:
        body = await reader.readexactly(int(fields[b"content-length"]))
    elif fields.get(b"transfer-encoding") == b"chunked":
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    return status, first, body, fields, (reader, writer)


def anew(path, number):
    """The same request at an address of its own."""
    mark = "?" if "?" not in path else "&"
    # Checks take no number; blanks around a name say nothing.
    return path + mark + ("speaker=" + number % 2000 * "+" if path.startswith("/check") else f"from={number}")


async def load(host, port, paths, seconds, clients, once=False):
    asked = 0
    times, statuses, without_retry = [], Counter(), 0
    end = time.monotonic() + seconds

    async def client(number):
        nonlocal asked, without_retry
        choose, connection = random.Random(number), None
        while time.monotonic() < end:
            path, asked = choose.choice(paths), asked + 1
            clock = time.perf_counter()
            try:
                status, _, _, fields, connection = await ask(host, port, anew(path, asked) if once else path, connection)
            except (OSError, asyncio.IncompleteReadError):
                statuses["broken"], connection = statuses["broken"] + 1, None
                continue
            times.append(1000 * (time.perf_counter() - clock))
            statuses[status] += 1
            without_retry += status == 503 and b"retry-after" not in fields

    await asyncio.gather(*(client(number) for number in range(clients)))
    return sorted(times), statuses, without_retry


async def hostile(host, port, until):
    connection, number = None, 0
    while not until.is_set():
        number += 1
        try:
            *_, connection = await ask(host, port, anew(HOSTILE, number), connection)
        except (OSError, asyncio.IncompleteReadError):
            connection = None


def memory(process):
    """Megabytes that the process holds of its own: the files of the index are mapped, and not counted."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return sum(int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("RssAnon", "RssShmem")) / 1000


def report(name, seconds, times, statuses, without_retry):
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items(), key=str))
    print(f"{name}: {len(times) / seconds:.1f} requests/s; p50 {at(0.5):.0f} ms, p95 {at(0.95):.0f} ms, "
          f"p99 {at(0.99):.0f} ms; {told}; {without_retry} × 503 without Retry-After")
    return at(0.95)


async def measure(host, port, process, seconds, clients):
    paths = []
    for line in (Path(__file__).parent / "serve.txt").read_text().splitlines():
        path = line.removeprefix("first ")
        clock = time.perf_counter()
        status, first, body, fields, (_, writer) = await ask(host, port, path)
        writer.close()
        if line != path:
            text = gzip.decompress(body).decode() if fields.get(b"content-encoding") == b"gzip" else body.decode()
            path = re.search(r'href="(/article/[^"#]*)', text)[1].replace("&#38;", "&")
        if status != 200 or time.perf_counter() - clock > 2:
            print(f"{status} after {time.perf_counter() - clock:.1f} s: {path}")
        paths.append(path)
    for path in (TEN_HITS, PAGE):
        firsts = []
        for number in range(21):
            _, first, body, _, (_, writer) = await ask(host, port, anew(path, 1 + number))
            writer.close()
            firsts.append(first)
        print(f"{path}: first byte {1000 * statistics.median(firsts):.0f} ms (median of 21), {len(body)} bytes compressed")
    report("mixed", seconds, *await load(host, port, paths, seconds, clients))
    alone = report("no address twice", seconds, *await load(host, port, paths, seconds, clients, once=True))
    until = asyncio.Event()
    beside = asyncio.create_task(hostile(host, port, until))
    both = report("beside a hostile query", seconds, *await load(host, port, paths, seconds, clients, once=True))
    until.set()
    print(f"p95 is {both / alone:.2f} times as long; memory {memory(process):.0f} MB")
    beside.cancel()


def main():
    onrecord, index = sys.argv[1:3]
    seconds, clients = (int(value) for value in (sys.argv[3:5] + ["30", "32"][len(sys.argv[3:5]):]))
    command = [onrecord, "--index", index, "serve", "--address", "127.0.0.1:0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "http://" in line:
            host, port = line.split("http://")[1].strip().rsplit(":", 1)
            break
    try:
        asyncio.run(measure(host, int(port), process, seconds, clients))
    finally:
        process.terminate()
        process.wait()


main()
