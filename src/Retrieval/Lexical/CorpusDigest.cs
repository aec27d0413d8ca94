using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Agentic.Retrieval;

/// <summary>Running SHA-256 over documents in order: two corpora with the same digest are the same.</summary>
internal sealed class CorpusDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Documents taken in.</summary>
    public long Documents { get; private set; }

    /// <summary>Digest of the documents so far, in hex.</summary>
    public string Value => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Append(Document document)
    {
        Append(document.Id);
        Append(document.Title);
        Append(document.Text);
        Documents++;
    }

    public void Dispose() => _hash.Dispose();

    private void Append(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
