"""Wires between nodes that a test can cut: a TCP forwarder for each direction of each pair, in one thread."""
import asyncio
import threading


class Link:
    """Forwards connections to one target; while it is cut, new connections are refused and open ones are closed."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.port = 0
        self.cut = False
        self.open = set()

    async def start(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        if self.cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        self.open.add(pair)
        try:
            await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        finally:
            self.open.discard(pair)
            for end in pair:
                end.transport.abort()

    @staticmethod
    async def pump(reader, writer):
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.transport.abort()

    def set_cut(self, cut):
        self.cut = cut
        if cut:
            for pair in list(self.open):
                for end in pair:
                    end.transport.abort()


class Links:
    """links[i, j, kind] leads from node i to node j; kind is "peer" or "engine"."""

    def __init__(self):
        self.links = {}
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def add(self, source, target, kind, target_port):
        link = Link(target_port)
        asyncio.run_coroutine_threadsafe(link.start(), self.loop).result(10)
        self.links[source, target, kind] = link
        return link.port

    def partition(self, *groups):
        """Only nodes of the same group reach each other from now on."""
        group_of = {node: number for number, group in enumerate(groups) for node in group}
        for (source, target, _), link in self.links.items():
            self.loop.call_soon_threadsafe(link.set_cut, group_of[source] != group_of[target])

    def heal(self):
        for link in self.links.values():
            self.loop.call_soon_threadsafe(link.set_cut, False)
