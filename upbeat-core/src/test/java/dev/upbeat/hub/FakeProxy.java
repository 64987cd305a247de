package dev.upbeat.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A proxy on loopback that notes the head of each request; it forwards plain requests, and refuses tunnels. */
final class FakeProxy implements AutoCloseable {
    final List<String> heads = new CopyOnWriteArrayList<>();
    private final @Nullable String authorization;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param authorization that each request must have; null for none */
    FakeProxy(@Nullable String authorization) {
        this.authorization = authorization;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::serve);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                threads.execute(() -> answer(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            if (authorization != null && !head.contains("\r\nProxy-Authorization: " + authorization + "\r\n")) {
                reply(client, "407 Proxy Authentication Required");
            } else if (head.startsWith("CONNECT ")) {
                reply(client, "503 No Tunnels Here");
            } else {
                forward(head, client);
            }
        } catch (IOException e) {
            // the client is gone
        }
    }

    private static void reply(Socket client, String status) throws IOException {
        String text = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void forward(String head, Socket client) throws IOException {
        URI uri = URI.create(head.split(" ")[1]);
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        String forwarded = head.replaceFirst(" \\S+ ", " " + path + " ")
                .replaceAll("(?i)\r\n(Proxy-[^:]*|Connection|Upgrade|HTTP2-Settings):[^\r]*", "")
                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        try (Socket origin = new Socket(uri.getHost(), uri.getPort())) {
            origin.getOutputStream().write(forwarded.getBytes(StandardCharsets.ISO_8859_1));
            origin.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended in the head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
