using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The vocabulary of llama2.c (<c>tok*.bin</c>): a SentencePiece BPE whose merges are ordered by the score of what they make.</summary>
/// <remarks>As <c>run.c</c> encodes: a space before a text, characters not in the vocabulary as bytes, then again and again the best neighbours, the first of equals.</remarks>
internal sealed class ScoredCoder : ITokenCoder
{
    private const int MaxTokenBytes = 4096;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly int[] _byteIds = new int[256];
    private readonly List<(string Token, float Score, byte[] Bytes)> _tokens = [];

    private ScoredCoder()
    {
    }

    public int Size => _tokens.Count;

    public bool PrefixesSpace => true;

    /// <exception cref="InputFormatException">The file is not such a vocabulary.</exception>
    public static ScoredCoder Load(string path)
    {
        var data = File.ReadAllBytes(path).AsSpan();
        var coder = new ScoredCoder();
        Array.Fill(coder._byteIds, -1);
        for (var at = 4; at < data.Length;)
        {
            var length = data.Length - at >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(data[(at + 4)..]) : -1;
            if (length is < 0 or > MaxTokenBytes || length > data.Length - at - 8)
            {
                throw new InputFormatException(path, 0, $"is no vocabulary of llama2.c: token {coder.Size} does not fit; copy the file again");
            }

            coder.Add(Encoding.UTF8.GetString(data.Slice(at + 8, length)), BinaryPrimitives.ReadSingleLittleEndian(data[at..]));
            at += 8 + length;
        }

        if (coder.Size < 259 || coder._byteIds.Contains(-1))
        {
            throw new InputFormatException(path, 0, "is no vocabulary of llama2.c: it must begin with unknown, begin, end and the 256 bytes; copy the file again");
        }

        return coder;
    }

    public IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>(text.Length + 1);
        if (text.Length > 0)
        {
            AddCharacter(ids, " ");
        }

        foreach (var rune in text.EnumerateRunes())
        {
            AddCharacter(ids, rune.ToString());
        }

        while (BestNeighbours(ids) is var (at, merged) && at >= 0)
        {
            ids[at] = merged;
            ids.RemoveAt(at + 1);
        }

        return ids;
    }

    public ReadOnlySpan<byte> BytesOf(int id) => _tokens[id].Bytes;

    public IEnumerable<string> Facts() =>
        _tokens.Select((token, id) => string.Create(CultureInfo.InvariantCulture, $"scored {id} {token.Score:R} {Convert.ToHexString(Encoding.UTF8.GetBytes(token.Token))}"));

    private void Add(string token, float score)
    {
        var id = Size;
        if (token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            _tokens.Add((token, score, [value]));
            _byteIds[value] = id;
        }
        else if (id < 3)
        {
            _tokens.Add((token, score, []));
        }
        else
        {
            _tokens.Add((token, score, Encoding.UTF8.GetBytes(token)));
            _ids.TryAdd(token, id);
        }
    }

    private void AddCharacter(List<int> ids, string character)
    {
        if (_ids.TryGetValue(character, out var id))
        {
            ids.Add(id);
            return;
        }

        ids.AddRange(Encoding.UTF8.GetBytes(character).Select(value => _byteIds[value]));
    }

    private (int At, int Merged) BestNeighbours(List<int> ids)
    {
        var (best, at, merged) = (-1e10f, -1, -1);
        for (var i = 0; i + 1 < ids.Count; i++)
        {
            if (_ids.TryGetValue(_tokens[ids[i]].Token + _tokens[ids[i + 1]].Token, out var id) && _tokens[id].Score > best)
            {
                (best, at, merged) = (_tokens[id].Score, i, id);
            }
        }

        return (at, merged);
    }
}
