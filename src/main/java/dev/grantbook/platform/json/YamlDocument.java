package dev.grantbook.platform.json;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.IpNetwork;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file read as JSON that remembers the line of every value, for error messages. */
public final class YamlDocument {

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final JsonObject json;

    /**
     * @param name the document's name in messages: a file name
     * @throws ConfigurationException when the text is not YAML, or not a mapping, or has a key twice
     */
    public YamlDocument(String name, String text) {
        this.name = name;
        Node root;
        try {
            // Aliases can expand a small file without bounds; our files need none.
            var settings = LoadSettings.builder()
                    .setLabel(name)
                    .setMaxAliasesForCollections(0)
                    .setAllowDuplicateKeys(false)
                    .build();
            root = new Compose(settings).composeString(text).orElse(null);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new ConfigurationException(name + ":" + line + ": not YAML: " + e.getProblem());
        } catch (ReaderException e) {
            long line = 1
                    + text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            throw new ConfigurationException(name + ":" + line + ": not YAML: a control character");
        } catch (YamlEngineException | IllegalArgumentException e) {
            // IllegalArgumentException comes of some tags, such as "!%0".
            throw new ConfigurationException(name + ": only plain keys and no aliases are read: " + e.getMessage());
        }
        if (!(root instanceof MappingNode)) {
            throw new ConfigurationException(name + ":1: a mapping of keys to values is wanted");
        }
        this.json = convert(root, "").asJsonObject();
    }

    public static YamlDocument read(String name, InputStream in) {
        try (in) {
            return new YamlDocument(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonObject json() {
        return json;
    }

    /** @throws ConfigurationException naming the first fault with its line */
    public YamlDocument check(Schema schema) {
        for (var violation : schema.violations(json)) {
            throw error(violation.pointer(), violation.message());
        }
        return this;
    }

    /** @throws ConfigurationException when the text at the pointer is no https URL, nor an http URL of this machine */
    public void checkEndpoint(String pointer, String text) {
        URI endpoint;
        try {
            endpoint = new URI(text);
        } catch (URISyntaxException e) {
            throw error(pointer, "not an address: " + e.getReason());
        }
        if (endpoint.getHost() == null) {
            throw error(pointer, "an address with a host is wanted");
        }
        if (!"https".equals(endpoint.getScheme()) && !IpNetwork.isOwnMachine(endpoint)) {
            throw error(pointer, "must be https");
        }
    }

    /** Makes an error about a value of this document. */
    public ConfigurationException error(String pointer, String message) {
        String known = pointer;
        while (!lines.containsKey(known) && !known.isEmpty()) {
            known = known.substring(0, known.lastIndexOf('/'));
        }
        String key = pointer.isEmpty() ? "" : pointer.substring(1).replace('/', '.') + ": ";
        return new ConfigurationException(name + ":" + lines.getOrDefault(known, 1) + ": " + key + message);
    }

    private JsonValue convert(Node node, String pointer) {
        lines.computeIfAbsent(pointer, key -> line(node));
        if (node instanceof MappingNode mapping) {
            var object = Json.createObjectBuilder();
            var seen = new HashMap<String, Integer>();
            for (var entry : mapping.getValue()) {
                String key = ((ScalarNode) entry.getKeyNode()).getValue();
                String child = pointer + "/" + Json.encodePointer(key);
                lines.put(child, line(entry.getKeyNode()));
                if (seen.put(key, line(entry.getKeyNode())) != null) {
                    throw error(child, "this key stands twice");
                }
                object.add(key, convert(entry.getValueNode(), child));
            }
            return object.build();
        }
        if (node instanceof SequenceNode sequence) {
            var array = Json.createArrayBuilder();
            int index = 0;
            for (Node item : sequence.getValue()) {
                array.add(convert(item, pointer + "/" + index++));
            }
            return array.build();
        }
        return scalar((ScalarNode) node);
    }

    private static JsonValue scalar(ScalarNode node) {
        String text = node.getValue();
        // JSON has neither infinity nor NaN; they stay texts.
        boolean finite = !text.endsWith("inf") && !text.endsWith("nan");
        if (finite && Set.of(Tag.INT, Tag.FLOAT).contains(node.getTag())) {
            return Json.createValue(new BigDecimal(text));
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(text) ? JsonValue.TRUE : JsonValue.FALSE;
        }
        return node.getTag().equals(Tag.NULL) ? JsonValue.NULL : Json.createValue(text);
    }

    private static int line(@Nullable Node node) {
        return node == null
                ? 1
                : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
