using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>The configuration while it is put together: one JSON tree, and for every value where it came from.</summary>
/// <param name="root">The record the tree will become.</param>
internal sealed class SettingsTree(Type root)
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public JsonObject Json { get; } = [];

    /// <summary>Where the value at <paramref name="path"/> was set; null when it is a default.</summary>
    public string? SourceOf(string path) => _sources.GetValueOrDefault(path);

    /// <summary>True when the value was given as bare text and has yet to become a number, a list or what the record wants.</summary>
    public bool IsText(string path) => _texts.Contains(path);

    /// <summary>Lays a configuration file over what is there.</summary>
    /// <exception cref="InputFormatException">The file is not one JSON object.</exception>
    public void Overlay(string source, string text)
    {
        JsonNode? parsed;
        try
        {
            parsed = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                AllowDuplicateProperties = false,
            });
        }
        catch (JsonException exception)
        {
            throw new InputFormatException(source, (exception.LineNumber ?? -1) + 1, $"not valid JSON: {exception.Message}", exception);
        }

        if (parsed is not JsonObject file)
        {
            throw new InputFormatException(source, 1, "a configuration is one JSON object, like { \"retriever\": { \"kind\": \"bm25\" } }");
        }

        file.Remove("$schema");
        Merge(Json, file, source, "");
    }

    /// <summary>Sets one value given as text, like <c>retriever.k1=1.2</c>; keys are matched without regard to case.</summary>
    public void Assign(string source, string path, string text)
    {
        var (node, type, defaults) = (Json, root, OptionsShape.Default(root));
        var segments = path.Split('.');
        var prefix = "";
        for (var i = 0; i < segments.Length; i++)
        {
            var concrete = OptionsShape.Concrete(type, node, defaults);
            var members = concrete is null ? null : OptionsShape.Members(concrete);
            var key = Canonical(segments[i], type, members);
            prefix = prefix.Length == 0 ? key : $"{prefix}.{key}";
            var member = members?.GetValueOrDefault(key);
            if (i == segments.Length - 1)
            {
                SetLeaf(node, key, prefix, source, text);
                return;
            }

            if (node[key] is not JsonObject child)
            {
                child = [];
                node[key] = child;
                _sources[prefix] = source;
            }

            var owner = concrete is null ? null : defaults?.GetType() == concrete ? defaults : OptionsShape.Default(concrete);
            defaults = owner is null ? null : member?.GetValue(owner);
            (node, type) = (child, member is null ? typeof(object) : OptionsShape.Bare(member.PropertyType));
        }
    }

    private static string Canonical(string segment, Type type, IReadOnlyDictionary<string, System.Reflection.PropertyInfo>? members)
    {
        if (type.IsAbstract && string.Equals(segment, OptionsJson.KindKey, StringComparison.OrdinalIgnoreCase))
        {
            return OptionsJson.KindKey;
        }

        return members?.Keys.FirstOrDefault(key => string.Equals(key, segment, StringComparison.OrdinalIgnoreCase)) ?? segment;
    }

    private void SetLeaf(JsonObject node, string key, string path, string source, string text)
    {
        if (key == OptionsJson.KindKey)
        {
            ForgetFormerKind(node, text);
        }

        node[key] = text;
        _sources[path] = source;
        _texts.Add(path);
    }

    // Another kind has other keys: what was said about the former kind does not apply to it.
    private static void ForgetFormerKind(JsonObject node, string? kind)
    {
        if (kind is not null && node[OptionsJson.KindKey] is JsonValue former && former.ToString() != kind)
        {
            node.Clear();
        }
    }

    private void Merge(JsonObject target, JsonObject layer, string source, string prefix)
    {
        foreach (var (key, value) in layer)
        {
            var path = prefix.Length == 0 ? key : $"{prefix}.{key}";
            _sources[path] = source;
            if (value is JsonObject section)
            {
                if (target[key] is not JsonObject child)
                {
                    child = [];
                    target[key] = child;
                }

                ForgetFormerKind(child, section[OptionsJson.KindKey]?.ToString());
                Merge(child, section, source, path);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
