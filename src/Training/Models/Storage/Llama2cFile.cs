using System.Buffers.Binary;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The weights of llama2.c, version 0: seven int32 (H, intermediate, layers, heads, key heads, V negative when untied, context), then float32 tensors.</summary>
/// <remarks>Its rotary pairs are neighbours (2i, 2i + 1); the rows of query and key matrices are put in the order of rotate-half (i, i + D/2).</remarks>
internal sealed class Llama2cFile
{
    private const int HeaderSize = 28;
    private readonly string _path;
    private readonly Dictionary<string, (long Offset, long[] Shape)> _places = new(StringComparer.Ordinal);

    private Llama2cFile(string path, TransformerOptions options)
    {
        (_path, Options) = (path, options);
        Length = Place();
    }

    /// <summary>The shape of the model.</summary>
    public TransformerOptions Options { get; }

    private long Length { get; }

    /// <summary>The one <c>.bin</c> of a folder that is no vocabulary, or null when there is none.</summary>
    /// <exception cref="AgenticException">There are several.</exception>
    public static string? Find(string folder)
    {
        var files = Directory.GetFiles(folder, "*.bin").Where(file => !Path.GetFileName(file).StartsWith("tok", StringComparison.Ordinal)).ToList();
        return files.Count <= 1 ? files.FirstOrDefault() : throw new AgenticException($"{folder} has several .bin files of weights; leave the one that belongs to its tok*.bin");
    }

    /// <summary>Reads the header and checks that the file has the length it leads to.</summary>
    /// <exception cref="InputFormatException">It is no such file.</exception>
    public static Llama2cFile Open(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using var stream = File.OpenRead(path);
        if (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
        {
            throw new InputFormatException(path, 0, "is no file of llama2.c weights: it ends within its header; download it again");
        }

        var numbers = new int[7];
        for (var index = 0; index < numbers.Length; index++)
        {
            numbers[index] = BinaryPrimitives.ReadInt32LittleEndian(header[(4 * index)..]);
        }

        var file = new Llama2cFile(path, Shape(path, numbers));
        return stream.Length == file.Length
            ? file
            : throw new InputFormatException(path, 0, $"is no file of llama2.c weights: its header leads to {file.Length} bytes, it has {stream.Length}; download it again");
    }

    /// <summary>One parameter under its name in a checkpoint.</summary>
    public Tensor Read(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var stream = File.OpenRead(_path);
        stream.Seek(_places[name].Offset, SeekOrigin.Begin);
        var value = empty(shape, dtype: ScalarType.Float32);
        value.ReadBytesFromStream(stream, 1 << 16);
        if (!value.isfinite().all().item<bool>())
        {
            throw new InputFormatException(_path, 0, $"'{name}' holds NaN or infinity: the model is broken; download it again");
        }

        var turned = name.EndsWith("q_proj.weight", StringComparison.Ordinal) || name.EndsWith("k_proj.weight", StringComparison.Ordinal);
        return (turned ? value.view(-1, Options.HeadSize / 2, 2, shape[1]).transpose(1, 2).reshape(shape) : value).MoveToOuterDisposeScope();
    }

    private static TransformerOptions Shape(string path, int[] numbers)
    {
        try
        {
            return OptionsGuard.Checked(new TransformerOptions
            {
                HiddenSize = numbers[0],
                IntermediateSize = numbers[1],
                Layers = numbers[2],
                Heads = numbers[3],
                KeyValueHeads = numbers[4],
                HeadSize = numbers[0] / Math.Max(1, numbers[3]),
                VocabularySize = numbers[5] == int.MinValue ? 0 : Math.Abs(numbers[5]),
                TiedEmbeddings = numbers[5] > 0,
                ContextLength = numbers[6],
                QueryKeyNorm = false,
            });
        }
        catch (OptionsException exception)
        {
            throw new InputFormatException(path, 0, $"is no file of llama2.c weights: {string.Join("; ", exception.Problems)}", exception);
        }
    }

    /// <summary>Puts every parameter in its place; the file goes tensor by tensor over all layers.</summary>
    /// <returns>Bytes of the whole file.</returns>
    private long Place()
    {
        var shapes = TransformerWeights.Shapes(Options).ToDictionary(parameter => parameter.Name, parameter => parameter.Shape, StringComparer.Ordinal);
        long offset = HeaderSize;
        void Add(string name)
        {
            _places.Add(name, (offset, shapes[name]));
            offset += 4 * shapes[name].Aggregate(1L, (product, extent) => product * extent);
        }

        Add("model.embed_tokens.weight");
        foreach (var part in new[] { "input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.down_proj", "mlp.up_proj" })
        {
            for (var layer = 0; layer < Options.Layers; layer++)
            {
                Add($"model.layers.{layer}.{part}.weight");
            }
        }

        Add("model.norm.weight");
        offset += 4L * Options.ContextLength * Options.HeadSize; // two tables of rotary positions, not used
        if (!Options.TiedEmbeddings)
        {
            Add("lm_head.weight");
        }

        return offset;
    }
}
