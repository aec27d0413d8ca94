using System.Text.Json;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The weights of a HuggingFace folder: <c>model.safetensors</c>, or its parts listed in <c>model.safetensors.index.json</c>.</summary>
internal sealed class HuggingFaceWeights : IDisposable
{
    public const string FileName = "model.safetensors";
    private const string IndexName = FileName + ".index.json";
    private readonly string _folder;
    private readonly Dictionary<string, SafeTensorsFile> _fileOf = new(StringComparer.Ordinal);
    private readonly List<SafeTensorsFile> _files = [];

    private HuggingFaceWeights(string folder) => _folder = folder;

    /// <summary>Opens the files and checks that they hold exactly the parameters of <paramref name="options"/>, in their shapes.</summary>
    /// <exception cref="InputFormatException">A file is not sound, or a tensor is missing, too many or of another shape.</exception>
    public static HuggingFaceWeights Open(string folder, TransformerOptions options)
    {
        var weights = new HuggingFaceWeights(folder);
        try
        {
            weights.OpenFiles();
            weights.Check(options);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>One parameter, on the CPU, in the type of the file.</summary>
    public Tensor Read(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        var file = _fileOf[name];
        var value = file.Read(file.Entries[name]);
        if (!value.is_floating_point())
        {
            throw Broken($"'{name}' holds {value.dtype} instead of floating-point numbers");
        }

        if (!value.isfinite().all().item<bool>())
        {
            throw Broken($"'{name}' holds NaN or infinity: the model is broken; use an earlier checkpoint or download it again");
        }

        return value.MoveToOuterDisposeScope();
    }

    private void OpenFiles()
    {
        var index = Path.Combine(_folder, IndexName);
        foreach (var name in File.Exists(index) ? Parts(index) : [FileName])
        {
            var path = Path.Combine(_folder, name);
            if (!File.Exists(path))
            {
                throw new InputFormatException(path, 0, "is missing; the folder has a config.json but not its weights");
            }

            var file = SafeTensorsFile.Open(path);
            _files.Add(file);
            foreach (var tensor in file.Entries.Keys)
            {
                if (!_fileOf.TryAdd(tensor, file))
                {
                    throw Broken($"'{tensor}' is in two of its files");
                }
            }
        }
    }

    private static IEnumerable<string> Parts(string index)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            var names = document.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Value.GetString() ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            return names.TrueForAll(name => name.Length > 0 && name == Path.GetFileName(name) && name is not "." and not "..")
                ? names
                : throw new InputFormatException(index, 0, "names a file outside its folder");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputFormatException(index, 0, "has no weight_map of tensors to files; copy the file again", exception);
        }
    }

    private void Check(TransformerOptions options)
    {
        var expected = TransformerWeights.Shapes(options).ToList();
        var names = expected.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var problems = expected.Where(tensor => !_fileOf.ContainsKey(tensor.Name)).Select(tensor => $"'{tensor.Name}' is missing")
            .Concat(from tensor in expected
                    where _fileOf.ContainsKey(tensor.Name)
                    let found = _fileOf[tensor.Name].Entries[tensor.Name].Shape
                    where !found.SequenceEqual(tensor.Shape)
                    select $"'{tensor.Name}' is [{string.Join(", ", found)}] instead of [{string.Join(", ", tensor.Shape)}]")
            .Concat(_fileOf.Keys.Where(name => !names.Contains(name) && !IsSurplus(name, options)).Order(StringComparer.Ordinal).Select(name => $"'{name}' is not part of such a model"))
            .Take(4)
            .ToList();
        if (problems.Count > 0)
        {
            throw Broken($"does not fit its config.json: {string.Join("; ", problems)}");
        }
    }

    /// <summary>Older exports carry the head again where it is tied, and the rotary frequencies.</summary>
    private static bool IsSurplus(string name, TransformerOptions options) =>
        (options.TiedEmbeddings && name == "lm_head.weight") || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private InputFormatException Broken(string reason) => new(Path.Combine(_folder, FileName), 0, reason);

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
